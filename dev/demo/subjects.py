"""What each of the demo's people photographs, by the names of the functions of dev.pictures that draw it, and where."""

from typing import NamedTuple

from services.posting import Place


class Subjects(NamedTuple):
    scenes: set[str]
    place: Place


def _in(name: str, latitude: float, longitude: float, *scenes: str) -> Subjects:
    return Subjects(set(scenes), Place(name, latitude, longitude))


SUBJECTS = {
    "ana": _in("Lisboa", 38.7139, -9.1334, "arches", "sea", "skyline"),
    "kofi.mensah": _in("Accra", 5.6037, -0.1870, "arches", "sea"),
    "yuki.tanabe": _in("Kyoto", 35.0116, 135.7681, "cutouts", "vases"),
    "liv_nordahl": _in("Tromsø", 69.6492, 18.9553, "aurora"),
    "mateo.rios": _in("Aconcagua", -32.8200, -69.9400, "mountains"),
    "amina.diallo": _in("Dakar", 14.7167, -17.4677, "cutouts", "poster"),
    "jonas_weber": _in("Feldberg, Schwarzwald", 47.8740, 8.0040, "forest"),
    "priya.nair": _in("Kochi", 9.9312, 76.2673, "rain"),
    "noor.haddad": _in("Wadi Rum", 29.5765, 35.4200, "dunes"),
    "tomas.novak": _in("Praha", 50.0755, 14.4378, "poster", "skyline"),
    "mei.chen": _in("臺北", 25.0330, 121.5654, "rain", "skyline"),
    "elif.kaya": _in("Göreme", 38.6431, 34.8289, "balloons"),
    "sam_whitlock": _in("St Ives, Cornwall", 50.2080, -5.4900, "sea"),
    "leilani.k": _in("Hilo", 19.7241, -155.0868, "island"),
    "ines.laurent": _in("Marseille", 43.2965, 5.3698, "vases"),
    "arjun_s": _in("Jaipur", 26.9124, 75.7873, "arches"),
    "zofia.lis": _in("Kraków", 50.0647, 19.9450, "cutouts"),
    "thabo.m": _in("Table Mountain", -33.9628, 18.4098, "mountains"),
    "carmen.vega": _in("Sevilla", 37.3891, -5.9845, "arches"),
    "olu.adeyemi": _in("Lagos", 6.5244, 3.3792, "flow"),
    "freya.lind": _in("Gotland", 57.4684, 18.4867, "meadow"),
    "minh.tran": _in("Đà Lạt", 11.9404, 108.4583, "forest", "mountains"),
    "rosa_quispe": _in("Cusco", -13.5319, -71.9675, "moons"),
    "eli.ben_david": _in("Haifa", 32.7940, 34.9896, "island", "sea"),
}
