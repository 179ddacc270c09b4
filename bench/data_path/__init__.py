"""The data path of hot reads: what each idea in it saves, alone."""
