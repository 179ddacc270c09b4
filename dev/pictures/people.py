"""Made-up people of many places."""

import re
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Person:
    """An account of the demo; the username has 3 to 30 of a-z, 0-9, dot and underscore."""

    username: str
    display_name: str
    bio: str


PEOPLE = [
    Person("ana", "Ana Ribeiro", "Lisbon. Light, tiles, ferries. Mostly on foot."),
    Person("kofi.mensah", "Kofi Mensah", "Accra 🇬🇭 · architect by day, sunsets after work"),
    Person("yuki.tanabe", "Yuki Tanabe", "Kyoto. Paper, ink and one very patient cat."),
    Person("liv_nordahl", "Liv Nordahl", "Tromsø. If the sky is green, I am outside."),
    Person("mateo.rios", "Mateo Ríos", "Mendoza → the mountains, every weekend"),
    Person("amina.diallo", "Amina Diallo", "Dakar. Colour is a language."),
    Person("jonas_weber", "Jonas Weber", "Black Forest. Trees, fog, thermos."),
    Person("priya.nair", "Priya Nair", "Kochi · rain collector, monsoon apologist"),
    Person("noor.haddad", "Noor Haddad", "Amman. Desert roads and strong coffee."),
    Person("tomas.novak", "Tomáš Novák", "Prague. Trams, posters, grids."),
    Person("mei.chen", "Mei Chen 陳美", "Taipei. Night walks, neon, noodles."),
    Person("elif.kaya", "Elif Kaya", "Cappadocia. I fly balloons; somebody has to."),
    Person("sam_whitlock", "Sam Whitlock", "Cornwall. Salt water, most days."),
    Person("leilani.k", "Leilani Kahale", "Hilo 🌋 small islands, big oceans"),
    Person("ines.laurent", "Inès Laurent", "Marseille. Ceramics. Everything leans a little."),
    Person("arjun_s", "Arjun Sethi", "Jaipur. Doors, arches, and what is behind them."),
    Person("zofia.lis", "Zofia Lis", "Kraków. Scissors, paper, glue."),
    Person("thabo.m", "Thabo Mokoena", "Cape Town. Up the hill before work."),
    Person("carmen.vega", "Carmen Vega", "Sevilla. Always on the side of the street with shade."),
    Person("olu.adeyemi", "Olu Adeyemi", "Lagos. Code that draws lines."),
    Person("freya.lind", "Freya Lind", "Gotland · meadows, bees, slow summers"),
    Person("minh.tran", "Minh Trần", "Đà Lạt. Pine forests at six in the morning."),
    Person("rosa_quispe", "Rosa Quispe", "Cusco. Counting the moons."),
    Person("eli.ben_david", "Eli Ben-David", "Haifa. The sea from above, and from inside."),
]


def people(count: int, seed: int) -> list[Person]:
    """So many people with different usernames: ana, the others shuffled, then new ones with names of theirs."""
    rng = Random(seed)
    others = rng.sample(PEOPLE[1:], len(PEOPLE) - 1)
    known = [PEOPLE[0], *others]
    return known[:count] + [_another(rng, number) for number in range(len(known), count)]


def _another(rng: Random, number: int) -> Person:
    one, two = rng.sample(PEOPLE, 2)
    given, family = one.display_name.split()[0], two.display_name.split()[1]
    username = f"{re.split('[._]', one.username)[0]}_{number}"
    return Person(username, f"{given} {family}", rng.choice([one.bio, two.bio]))
