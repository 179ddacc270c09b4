"""What invented people are called, where they are, and what they say."""


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words("""
    Ada Aiko Amara Amir Ana Anders Anouk Arjun Aylin Bao Bea Ben Bruno Camille Carlos Chidi Clara Dalia Daniel
    Elena Elif Emil Emma Esther Fatima Felix Fiona Gael Greta Hana Hassan Hugo Ida Imani Ines Ivan Jakob Jana
    Jin Joana Jonas Jun Kai Karim Katya Kofi Lars Layla Lea Leo Lina Lior Luca Lucia Maja Malik Marta Mateo
    Mei Mila Mina Nadia Naomi Nico Nina Noah Noor Olga Omar Oskar Paolo Petra Priya Rafa Ravi Rosa Ruben Sam
    Sana Selma Sofia Tariq Theo Tomas Uma Vera Viktor Wanjiru Yara Yuki Yusuf Zainab Zoe
""")
FAMILY = _words("""
    Abe Adeyemi Alvarez Amari Bakker Banerjee Baptiste Becker Bianchi Blom Castro Chen Cohen Costa Dahl Diallo
    Dubois Engel Eriksen Farah Fischer Fontaine Garcia Gomez Haas Haddad Hansen Holm Ito Ivanova Jansen Kamau
    Kaya Kim Klein Kowalski Kumar Larsen Lavoie Lindgren Lopez Maier Marin Mbeki Mendes Meyer Moreau Morel
    Mori Mwangi Nakamura Nasser Ndiaye Nguyen Novak Okafor Olsen Ortiz Osei Park Patel Pereira Petrov Popescu
    Reyes Ricci Rossi Santos Sato Schmidt Sharma Silva Singh Soto Tanaka Toure Vargas Vidal Vogel Wagner Weber
    Wolf Yamada Yilmaz Zhang
""")
PASTIME = _words("""
    analog baking bikes birds bread camping cats ceramics cinema climbs clouds coffee cooks dogs draws film
    garden hikes knits lakes maps mountains noodles paints plants prints reads rides roams runs sails sews
    skates snow surfs swims tea trails trains travels vinyl walks wanders woods
""")
BIOS = [
    "",
    "",
    "Mostly {0}.",
    "{0} and {1}.",
    "Here for the {0}, stays for the {1}.",
    "{0}, {1}, repeat. 📷",
    "Film and {0}. Prints on request.",
]

SENTENCES = [
    "{quality} {time}, {quality} {thing}.",
    "{time} at the {thing}.",
    "A {thing}, a {thing} and a {quality} {time}.",
    "Another {quality} {time} by the {thing}.",
    "Found this {quality} {thing} on the way home.",
    "Mostly {thing}, some {thing}.",
    "My favourite {thing}, {quality} as ever.",
    "Nothing like a {quality} {thing} in the {time}.",
    "One more from {time}.",
    "That {quality} {thing} again.",
    "The {thing} was closed, so: {thing}.",
    "This {thing}. That's all.",
    "Up early for the {thing}, stayed for the {thing}.",
    "Waited all {time} for this {thing}.",
    "When the {thing} is {quality} and the {thing} is not.",
    "{quality} light, {quality} {thing} ☕",
    "海と{thing} 🌊",
]
QUALITIES = _words("""
    bright broken calm crooked damp dusty faded foggy forgotten golden green hidden lonely
    lovely loud muddy narrow noisy pale perfect quiet rainy rusty silver sleepy slow soft steep
    still strange sunlit sweet tiny warm wild windy
""")
THINGS = _words("""
    balcony beach bicycle boat bridge bus café canal cat cliff cloud courtyard crêpe dog door ferry
    field fir forest garden gate harbour hill jetty kitchen ladder lake lighthouse market meadow mist
    mountain path piñata pond rain river roof rose sea shadow shop snow staircase station storm street
    swing table tower train tram valley village vineyard wall wave window
""")
TIMES = _words("""
    afternoon autumn dawn day dusk evening holiday midnight morning night season spring summer
    weekend winter
""")
HASHTAGS = _words("""
    photography nature travel sunset art love landscape sky street architecture summer sea city film portrait
    mountains beach flowers blackandwhite food sunrise autumn winter spring ocean forest coffee friends home
    weekend clouds light night dog cat analog 35mm goldenhour minimal hiking adventure garden rain snow lake
    river boats harbour bridges trains bicycles market bread ceramics handmade vintage vinyl books reading
    music museum painting sketch drawing running swimming climbing surf skate camping roadtrip island coast
    waves desert fog moon stars nightsky reflection shadows geometry lines stairs windows doors rooftops neon
    reds blues greens breakfast dinner baking pasta noodles tea plants cactus birds horses bees leaves moss
    waterfalls glacier volcano lighthouse village countryside vineyard porto lisboa tokyo 東京 kyoto berlin
    paris café istanbul nairobi lagos bogota cusco oslo wien
""")
PLACES = [
    ("Porto", 41.1496, -8.6110),
    ("Lisboa, Alfama", 38.7118, -9.1300),
    ("Tokyo, Shimokitazawa", 35.6613, 139.6680),
    ("Kyoto", 35.0116, 135.7681),
    ("Berlin, Tempelhofer Feld", 52.4730, 13.4030),
    ("Paris, Canal Saint-Martin", 48.8720, 2.3650),
    ("İstanbul", 41.0082, 28.9784),
    ("Nairobi", -1.2921, 36.8219),
    ("Lagos", 6.5244, 3.3792),
    ("Bogotá", 4.7110, -74.0721),
    ("Cusco", -13.5320, -71.9675),
    ("Oslo", 59.9139, 10.7522),
    ("Tromsø", 69.6492, 18.9553),
    ("Reykjavík", 64.1466, -21.9426),
    ("Wien, Prater", 48.2167, 16.3980),
    ("Amalfi", 40.6340, 14.6027),
    ("Hội An", 15.8801, 108.3380),
    ("Seoul, Seongsu", 37.5446, 127.0559),
    ("Queenstown", -45.0312, 168.6626),
    ("Valparaíso", -33.0472, -71.6127),
    ("Marrakesh", 31.6295, -7.9811),
    ("Jaipur", 26.9124, 75.7873),
    ("Vancouver", 49.2827, -123.1207),
    ("Oaxaca", 17.0732, -96.7266),
]
