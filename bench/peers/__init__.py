"""Other servers for the same feed, each as its documentation has it; README.md says which."""

from pathlib import Path

FOLDER = Path(__file__).parent
