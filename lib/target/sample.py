"""The demonstration catalogue: a furniture and electronics house, some 3,000 products.

It is as untidy as a real one: several house styles of references, missing and shared references,
shared barcodes, archived products, variants of one name, imported names with non-ASCII letters. It
opens with the products of Odoo's own demo data, so one sample map file works on both.
"""

from itertools import count, cycle, product
from random import Random

import pandas as pd

ODOO = """
FURN_7777 Office Chair; FURN_8888 Office Lamp; FURN_9999 Office Design Software
FURN_7800 Desk Combination; FURN_0096 Customizable Desk; FURN_0097 Customizable Desk
FURN_0098 Customizable Desk; DESK0005 Customizable Desk; DESK0006 Customizable Desk
E-COM06 Corner Desk Right Sit; E-COM07 Large Cabinet; E-COM08 Storage Box; E-COM09 Large Desk
E-COM10 Pedal Bin; E-COM11 Cabinet with Doors; E-COM12 Conference Chair; E-COM13 Conference Chair
FURN_0269 Office Chair Black; FURN_1118 Corner Desk Left Sit; FURN_8900 Drawer Black
FURN_9001 Flipover; FURN_7888 Desk Stand with Screen; FURN_0789 Individual Workplace
FURN_8855 Drawer; FURN_8220 Four Person Desk; FURN_6741 Large Meeting Table
FURN_8999 Two-Seat Sofa; Delivery_010 Local Delivery; FURN_0001 Desk Organizer
FURN_0002 Desk Pad; FURN_0006 Monitor Stand; FURN_5555 Cable Management Box
"""
"""Odoo 19's demo products that have an internal reference: the reference, then the name."""

FULL = "{brand} {model} {noun}, {finish}, {size}"
BRANDS = {
    "O": ("Oakenford", "{code}{model_no}-{fin}-{dim}", FULL),
    "F": ("Feldmark", "FURN_{number}", FULL),
    "N": ("Nordvale", "{number:05}", "{brand} {noun} {model} {finish} {size}"),
    "W": ("Werkhaus Nine", "WH {number} {fin}", "{brand} {model} {noun}"),
    "V": ("Voltaro", "EL-{number:05}", FULL),
    "P": ("Pixelyn", "{model}-{fin}-{dim}", "{brand} {noun} {model} ({size}, {finish})"),
    "K": ("Kabelux", "kbx/{number}", "{brand} {size} {noun} {model}, {finish}"),
    "A": ("Audrane", "aud-{number}", "{brand} {model} {noun}, {finish} - {size}"),
    "G": ("Grünhöfer", "GH-{number}", "{brand} {noun} „{model}“, {finish}, {size}"),
    "M": ("Maison Élodal", "MÉ.{number}", "{noun} {model} – {finish}, {size}"),
    "J": ("木音工房", "JP{number:06}", "{brand} {noun} {model} {finish} {size}"),
}
"""Initial -> brand, its house style of references and of names."""

ELECTRONICS = "VPKA"
"""The brands whose models are numbers; the others name theirs by SERIES."""

SERIES = """
Haven Linden Brume Sora Alder Fjell Marlow Quill Tarn Ember Cove Dune Juniper Lowell Rowan Osier
Vesper Heron Solstice Kelda Arbor Mistral Thistle Wren Calder Orrin Pavo Sable Tove Ysolde Bramble
"""

FINISHES = {
    "wood": "Oak, Walnut, Birch, Ash, White, Black",
    "fabric": "Charcoal, Sand, Navy, Forest Green, Rust",
    "metal": "Brass, Chrome, Matt Black, White",
    "colour": "Black, White, Graphite, Blue",
    "tech": "Black, Silver",
    "holz": "Eiche geölt, Nussbaum, Weiß",
    "bois": "Chêne, Noyer, Hêtre blanchi",
    "木": "オーク, ウォールナット",
}

FAMILIES = """
DSK | Writing Desk           | OFN | 2 | wood   | 100 x 60 cm, 120 x 60 cm, 140 x 70 cm, 160 x 80 cm
SDK | Sit-Stand Desk         | OFN | 2 | wood   | 120 x 80 cm, 140 x 80 cm, 160 x 80 cm, 180 x 80 cm
TBL | Meeting Table          | OFN | 1 | wood   | 200 x 100 cm, 240 x 120 cm, 320 x 120 cm
CTB | Coffee Table           | OFN | 1 | wood   | 60 cm round, 80 cm round, 110 x 60 cm
SHF | Wall Shelf             | OFN | 2 | wood   | 60 cm, 80 cm, 100 cm, 120 cm
BKC | Bookcase               | OFN | 2 | wood   | 3 shelves, 4 shelves, 5 shelves
CAB | Filing Cabinet         | OFN | 1 | wood   | 2 drawers, 3 drawers, 4 drawers
SDB | Sideboard              | OFN | 1 | wood   | 120 cm, 160 cm, 200 cm
CHR | Office Chair           | OFN | 3 | fabric | Low back, High back, Mesh back
STL | Bar Stool              | OFN | 2 | fabric | 65 cm, 75 cm
SOF | Sofa                   | OFN | 1 | fabric | 2-seat, 3-seat, Left corner, Right corner
ACH | Armchair               | OFN | 1 | fabric | Standard, Swivel
OTT | Ottoman                | W   | 1 | fabric | Small, Large
LOC | Locker                 | W   | 1 | colour | 1 door, 2 doors, 4 doors
LMP | Desk Lamp              | OFN | 2 | metal  | 6 W, 9 W, 12 W
FLL | Floor Lamp             | OFN | 2 | metal  | 140 cm, 160 cm
PND | Pendant Light          | OFN | 1 | metal  | 25 cm, 35 cm, 45 cm
MON | Monitor                | VP  | 3 | tech   | 24 inch FHD, 27 inch QHD, 32 inch 4K, 34 inch WQHD
ARM | Monitor Arm            | VPN | 2 | colour | Single, Dual
KBD | Mechanical Keyboard    | VPN | 2 | colour | US layout, UK layout, DE layout, FR layout
KBW | Wireless Keyboard      | VPN | 2 | colour | US layout, UK layout, DE layout, FR layout
MSE | Wireless Mouse         | VPN | 2 | colour | Right-handed, Left-handed
CBL | USB-C Cable            | VNK | 2 | colour | 0.5 m, 1 m, 2 m, 3 m
HDM | HDMI 2.1 Cable         | VK  | 2 | tech   | 1 m, 2 m, 3 m, 5 m, 10 m
LAN | Cat 6A Patch Cable     | VN  | 2 | colour | 0.5 m, 1 m, 2 m, 5 m, 10 m, 20 m
CHG | USB-C Wall Charger     | VPN | 2 | colour | 20 W, 30 W, 65 W, 100 W
PWB | Power Bank             | VP  | 2 | colour | 5000 mAh, 10000 mAh, 20000 mAh
SPK | Bluetooth Speaker      | VPN | 2 | colour | 10 W, 20 W, 40 W
SBR | Soundbar               | VA  | 1 | tech   | 2.0 channels, 2.1 channels, 5.1 channels
HDP | Over-Ear Headphones    | VPN | 2 | colour | Wired, Wireless, Noise cancelling
EAR | True Wireless Earbuds  | VPN | 2 | colour | Standard, Sport
HST | Office Headset         | VPA | 1 | tech   | Mono USB-A, Stereo USB-A, Duo USB-C
SSD | Portable SSD           | VPN | 2 | colour | 500 GB, 1 TB, 2 TB, 4 TB
NVM | NVMe SSD               | VPN | 2 | tech   | 256 GB, 512 GB, 1 TB, 2 TB, 4 TB
HDD | External Hard Drive    | VPN | 1 | colour | 1 TB, 2 TB, 5 TB
USB | USB 3.2 Flash Drive    | VPN | 2 | colour | 32 GB, 64 GB, 128 GB, 256 GB, 512 GB
WCM | Webcam                 | VPN | 3 | tech   | 720p, 1080p, 1440p, 4K
RTR | Wi-Fi 6 Router         | VPN | 2 | tech   | AX1800, AX3000, AX5400
SWT | Gigabit Switch         | VN  | 2 | tech   | 5 ports, 8 ports, 16 ports, 24 ports
HUB | USB-C Hub              | VPN | 2 | tech   | 4 in 1, 6 in 1, 8 in 1, 11 in 1
DCK | Docking Station        | VPN | 2 | tech   | 60 W, 85 W, 100 W
UPS | Uninterruptible Supply | V   | 2 | tech   | 600 VA, 850 VA, 1500 VA
BED | Bed Frame              | ON  | 1 | wood   | 90 x 200 cm, 140 x 200 cm, 180 x 200 cm
NST | Nightstand             | OF  | 1 | wood   | 1 drawer, 2 drawers
MIR | Wall Mirror            | FN  | 1 | metal  | 50 cm round, 80 cm round, 60 x 160 cm
LST | Laptop Stand           | VPN | 1 | colour | Fixed, Adjustable, Foldable
MIC | USB Microphone         | VP  | 2 | tech   | Cardioid, Stereo
PLG | Smart Plug             | VP  | 1 | tech   | EU plug, UK plug, US plug
BLB | Smart Bulb             | VN  | 1 | colour | 5 W, 9 W, 12 W
EXT | Power Strip            | VN  | 2 | tech   | 3 outlets, 5 outlets, 8 outlets
GST | Höhenverstellbarer Tisch | G | 1 | holz | 120 × 80 cm, 160 × 80 cm
GBR | Bücherregal            | G   | 1 | holz   | 80 cm, 120 cm
MBI | Bibliothèque           | M   | 1 | bois   | 3 étagères, 5 étagères
MTB | Table à manger         | M   | 1 | bois   | 140 cm, 180 cm
JDK | 折りたたみデスク        | J   | 1 | 木     | 幅80cm, 幅100cm
JLT | 間接照明ライト          | J   | 1 | 木     | 小, 大
"""
"""Code, noun, brands that make it, models a brand has of it, its finishes and its sizes."""


def catalogue() -> pd.DataFrame:
    """Reference, barcode, name (str) and active (bool) of every product; the same every time."""
    rng = Random(19)
    odoo = [entry.strip().split(" ", 1) for entry in ODOO.replace("\n", ";").split(";") if entry]
    rows = [[reference, "", name, True] for reference, name in odoo]
    rows += _untidied(_made(rng), rng)
    types = {"reference": "str", "barcode": "str", "name": "str", "active": bool}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _made(rng: Random) -> list[list]:
    """Every model of every family in all its finishes and sizes, still tidy."""
    series, model_numbers = cycle(SERIES.split()), count(210, 10)
    numbers = dict.fromkeys(BRANDS, 100) | {"F": 1200}
    rows = []
    for line in FAMILIES.strip().splitlines():
        code, noun, initials, models, finishes, sizes = map(str.strip, line.split("|"))
        for initial, model_no in product(initials, range(1, int(models) + 1)):
            brand, reference, name = BRANDS[initial]
            electronic = initial in ELECTRONICS
            model = f"{code[:2]}{next(model_numbers)}" if electronic else next(series)
            words = {"brand": brand, "code": code, "noun": noun, "model": model}
            words["model_no"] = model_no if model_no > 1 else ""
            for finish, size in product(FINISHES[finishes].split(", "), sizes.split(", ")):
                numbers[initial] += rng.randint(1, 3)
                words |= {"finish": finish, "size": size, "number": numbers[initial]}
                words["fin"] = finish[:3].upper()
                words["dim"] = size.split()[0].replace(".", "").upper()[:5]
                barcode = _barcode(len(rows), rng)
                rows.append([reference.format_map(words), barcode, name.format_map(words), True])
    return rows


def _barcode(item: int, rng: Random) -> str:
    """Mostly an EAN-13, in GS1's demonstration range 952; now and then a UPC-12; often none."""
    kind = rng.random()
    if kind > 0.72:
        return ""
    digits = f"952{20_000_000 + item * 37:09}" if kind > 0.06 else f"4{20_000_000 + item * 37:010}"
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(digits[::-1]))
    return f"{digits}{-weighted % 10}"


def _untidied(rows: list[list], rng: Random) -> list[list]:
    """Takes references away, archives some, and makes neighbours share what should be unique."""
    firsts = rng.sample([at for at in range(0, len(rows) - 1, 2) if rows[at][1]], 14)
    kept = {*firsts, *(at + 1 for at in firsts)}
    for at, row in enumerate(rows):
        chance = rng.random()
        if at not in kept:
            row[0] = "" if chance < 0.10 else row[0]
            row[3] = chance < 0.97
    for place, at in enumerate(firsts):
        shared = 1 if place < 5 else 0
        rows[at + 1][shared] = rows[at][shared]
        rows[at][3] = place < 11
    return rows
