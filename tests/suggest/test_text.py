"""What a title says, in the languages of the marketplaces."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.suggest import text


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        ("Gel pens, Pack of 12", 12),
        ("Kissen 2er-Set grün", 2),
        ("Batterien 24 Stück", 24),
        ("Pack de 6 botellas", 6),
        ("Lot de 3 câbles", 3),
        ("ボールペン 6個セット", 6),
        ("Batteries AA x6", 6),
        ("6 x 330 ml cola", 6),
        ("6-pack socks", 6),
        ("Picture frame 10 x 15 cm", 0),
        ("Office chair", 0),
        ("5 disc changer", 0),
    ],
)
def test_the_pack_size_is_read_in_every_language(title, pieces):
    assert text.pack(text.fold(title)) == pieces


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        ("USB-C hub with 2x HDMI", 0),
        ("Binoculars 10x zoom", 0),
        ("Besteck 24-teilig", 0),
        ("Vorhang 2 teilig", 0),
        ("Puzzle 500 Teile", 0),
        ("Zoom lens x4 optical", 0),
        ("Desk L 120 x B 60 cm", 0),
        ("Table 80 cm wide x 60 deep", 0),
        ("2x coffee beans 1 kg", 2),
        ("Coffee beans (2x) 1 kg", 2),
        ("Batteries AA, 4x", 4),
        ("Batteries AA (x 6)", 6),
        ("Soap x3, green", 3),
        ("x6 soap", 6),
    ],
)
def test_what_a_thing_has_is_no_pack(title, pieces):
    assert text.pack(text.fold(title)) == pieces


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        ("Coffee table walnut 110 x 60 centimetre", 0),
        ("Sit-stand desk ash 140 x cm", 0),
        ("Tisch 140 cm x 60 cm", 0),
        ("Desk 1.2 m x 60 cm", 0),
        ("Desk 120 x 60", 0),
        ("Table 120 x 60 x 75, oak", 0),
        ("Frame 30 x 40 inch", 0),
        ('Poster 24" x 36"', 0),
        ("Sideboard 1,2 x 0,6 m", 0),
        ("Desk 120 x 60 cm, pack of 2", 2),
        ("Tile 30 x 30 cm x 12", 12),
        ("Screws 5 x 40 mm (x100)", 100),
        ("2 x 1.5 l water", 2),
        ("4 x 60 W bulbs", 4),
        ("2 x 4-port hub", 2),
        ("6 x 330ml cola", 6),
        ("110 x 60 desk", 0),
        ("60x40", 0),
        ("4 x 6 photo frame", 0),
        ("10 x 42 binoculars", 0),
        ("Drill 6 x 160", 0),
        ("Box 6 x 160 x 80 oak", 0),
        ("30 x 100 shelf", 0),
        ("2 x 1 l", 2),
        ("2 x 500 Blatt", 2),
        ("3 x 100 tea bags", 3),
        ("Copy paper 12 x 500 Blatt, white", 12),
    ],
)
def test_a_length_and_a_width_are_no_pack(title, pieces):
    assert text.pack(text.fold(title)) == pieces


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Turntable PS-LX350H", "PSLX350H turntable"),
        ("Earbuds MDR EX32LP/BLK", "MDREX32LPBLK"),
        ("Tripod - VCT-R640", "Tripod VCTR640"),
        ("Mouse 910-000153", "Mouse 910000153"),
    ],
)
def test_a_model_number_is_the_same_with_and_without_separators(one, other):
    assert text.codes(text.fold(one)) & text.codes(text.fold(other))


def test_a_model_number_is_found_without_the_signs_of_its_colour():
    assert text.stems({"dmcfz28k"}) & text.stems({"dmcfz28"})


@pytest.mark.parametrize("title", ["Office chair", "16GB card", "2 m cable", "chair 2007"])
def test_words_sizes_and_years_are_no_model_numbers(title):
    assert not text.codes(text.fold(title))


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5 l", "1500ml"), ("1,5 L", "150 cl"), ("40 inch", '40"'), ("1 TB", "1000GB"),
     ("2 m", "200 cm"), ("27 Zoll", "27インチ")],
)  # fmt: skip
def test_one_quantity_in_two_units_is_one_size(one, other):
    assert text.sizes(text.fold(one)) == text.sizes(text.fold(other)) != set()


@pytest.mark.parametrize("title", ["black", "schwarz", "negro", "noir", "BLK", "ペン 黒"])
def test_a_colour_is_the_same_in_every_language(title):
    assert text.colours(text.fold(title)) == {"black"}


@pytest.mark.parametrize("title", ["Drill BLU4", "Lens WIT500", "8gold"])
def test_a_model_number_has_no_colour(title):
    assert text.colours(text.fold(title)) == set()


def test_numbers_are_versions_and_years_and_no_sizes_or_packs():
    title = "Suite v2.0 2007, standard17, 16 GB, Pack of 3"
    assert text.numbers(text.without_packs(text.fold(title))) == {"2", "2007", "17"}


def test_a_width_without_its_unit_is_a_number():
    title = text.fold("Desk 120 x 60 cm, pack of 2")
    assert text.numbers(text.without_packs(title)) == {"120"}


def test_japanese_words_are_pairs_of_signs():
    assert text.words("ボールペン pen") == ["ボー", "ール", "ルペ", "ペン", "pen"]


def test_case_width_and_accents_do_not_count():
    assert text.fold("GRÖSSE ＡＢＣ größe") == "grosse abc grosse"


SPACE = st.sampled_from(["", " ", "\xa0", "\u2009", "\u3000", "\x0b", "\x85", "-"])
PIECE = st.sampled_from(["x", "ｘ", "er-Pack", "PACK", "pièces", "Stück", "個", "ﾊﾟｯｸ", "of"])
COUNT = st.sampled_from(["2", "12", "６", "٦", "2,", "x"])


@given(st.lists(st.one_of(PIECE, COUNT, SPACE, st.text(max_size=3)), max_size=6).map("".join))
@example("lot\xa0de\xa06")
def test_no_text_that_says_a_pack_is_passed_over(raw):
    folded = text.fold(raw)
    says = text.pack(folded) > 0 or text.without_packs(folded) != folded
    raw_may, folded_may = text.may_be_packs(pa.array([raw, folded]))
    assert (raw_may and folded_may) or not says


@given(st.text())
def test_no_title_is_too_strange_to_read(title):
    folded = text.fold(title)
    for read in (text.words, text.codes, text.numbers, text.sizes, text.pack, text.colours):
        read(folded)
    assert text.only_letters(text.closed(folded)) == text.only_letters(folded)
