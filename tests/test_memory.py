"""Decisions and affix rules, kept in the app's database."""

import pytest

from lib import memory
from lib.match.decisions import CREATE, Affix, AffixKind, Choice, Verdict
from lib.model import MapperError, Options, Reason, Rule
from lib.review import review
from lib.store import Store
from tests.match.steps import key
from tests.tables import SELLER, catalogue, decisions, map_file

WHERE = ("somewhere", SELLER.name)
NOW = "2026-01-02T03:04:05Z"
FBA = Affix(AffixKind.SUFFIX, "-FBA")


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path / 'app.sqlite'}")


def kept(store, place=WHERE[0], seller=WHERE[1]):
    return memory.recall(store, place, seller).decisions


def said(store) -> list:
    return kept(store)[["sku", "verdict", "reference"]].to_numpy().tolist()


def reviewed(*rows, chosen=None, remembered=None):
    held = catalogue({"reference": "A"}, {"reference": "B"})
    known = remembered or memory.Memory()
    return review(map_file(*rows), held, SELLER, Options(), chosen, known)


def test_choices_are_kept_with_who_when_why_and_what_the_file_said(store):
    chosen = {
        key(sku="S"): Choice(1, "", Reason.NOT_FOUND),
        key(sku="T"): Choice(0, "Not sold", Reason.NO_REFERENCE),
        key(sku="U"): Choice(CREATE, "", Reason.NOT_FOUND),
    }
    done = reviewed({"sku": " S", "reference": "X "}, {"sku": "T"},
                    {"sku": "U", "reference": "N", "title": "New"}, chosen=chosen)  # fmt: skip
    memory.keep(store, *WHERE, memory.decided(done, "eva", NOW))
    got = kept(store).drop(columns=["market", "channel"]).to_numpy().tolist()
    assert got == [
        ["S", "choose", 1, "A", "Product 1", "x", Reason.NOT_FOUND, "", "eva", NOW],
        ["T", "dismiss", 0, "", "", "", Reason.NO_REFERENCE, "Not sold", "eva", NOW],
        ["U", "create", 0, "N", "New", "n", Reason.NOT_FOUND, "", "eva", NOW],
    ]


def test_what_is_kept_settles_the_next_file(store):
    done = reviewed({"sku": "S"}, chosen={key(sku="S"): Choice(1)})
    memory.keep(store, *WHERE, memory.decided(done, "eva", NOW))
    again = reviewed({"sku": "S"}, remembered=memory.recall(store, *WHERE))
    assert again.matches[["rule", "product_id"]].to_numpy().tolist() == [[Rule.EARLIER, 1]]


def test_a_file_without_choices_keeps_nothing(store):
    memory.keep(store, *WHERE, memory.decided(reviewed({"sku": "S"}), "eva", NOW))
    assert kept(store).empty


def test_another_place_and_another_seller_remember_nothing(store):
    memory.keep(store, *WHERE, decisions({"reference": "A"}))
    assert kept(store, place="elsewhere").empty
    assert kept(store, seller="other").empty


def test_a_later_decision_on_a_listing_replaces_the_earlier_one(store):
    memory.keep(store, *WHERE, decisions({"reference": "A"}))
    memory.keep(store, *WHERE, decisions({"verdict": Verdict.DISMISS}, {"sku": "T"}))
    assert said(store) == [["S", "dismiss", ""], ["T", "choose", ""]]


def test_a_rejected_product_is_no_choice_any_more_and_a_chosen_one_not_rejected(store):
    about = {"product_id": 1, "reference": "A"}
    reject = {"verdict": Verdict.REJECT}
    memory.keep(store, *WHERE, decisions(about, {"sku": "T"} | about))
    memory.keep(store, *WHERE, decisions(about | reject, reject | {"reference": "B"}))
    assert said(store) == [["T", "choose", "A"], ["S", "reject", "A"], ["S", "reject", "B"]]
    memory.keep(store, *WHERE, decisions(about))
    assert said(store) == [["T", "choose", "A"], ["S", "reject", "B"], ["S", "choose", "A"]]


def test_what_is_forgotten_is_gone_and_nothing_else(store):
    memory.keep(store, *WHERE, decisions({}, {"sku": "T"}, {"verdict": "reject", "product_id": 1}))
    memory.forget(store, *WHERE, kept(store).head(1))
    assert said(store) == [["T", "choose", ""], ["S", "reject", ""]]


def test_the_stamp_tells_every_change(store):
    stamps = [memory.stamp(store, *WHERE)]
    for change in (
        lambda: memory.keep(store, *WHERE, decisions({}, {"sku": "T"})),
        lambda: memory.keep(store, *WHERE, decisions({"reference": "A"})),
        lambda: memory.forget(store, *WHERE, kept(store).head(1)),
        lambda: memory.keep(store, *WHERE, decisions({"sku": "U"})),
        lambda: memory.add_affix(store, SELLER.name, FBA),
        lambda: memory.remove_affix(store, SELLER.name, FBA),
    ):
        change()
        stamps.append(memory.stamp(store, *WHERE))
    assert len(set(stamps[:-1])) == len(stamps) - 1
    assert stamps[-1] == stamps[-3]


def test_affix_rules_are_kept_by_seller(store):
    amz = Affix(AffixKind.PREFIX, "AMZ-")
    for rule in (FBA, amz):
        memory.add_affix(store, SELLER.name, rule)
    assert memory.affixes(store, SELLER.name) == (amz, FBA)
    assert memory.recall(store, *WHERE).affixes == (amz, FBA)
    assert memory.affixes(store, "other") == ()
    memory.remove_affix(store, SELLER.name, amz)
    assert memory.affixes(store, SELLER.name) == (FBA,)


def test_a_rule_that_is_there_blank_or_missing_is_told(store):
    memory.add_affix(store, SELLER.name, FBA)
    with pytest.raises(MapperError, match="already"):
        memory.add_affix(store, SELLER.name, FBA)
    with pytest.raises(MapperError, match="empty"):
        memory.add_affix(store, SELLER.name, Affix(AffixKind.PREFIX, " "))
    with pytest.raises(MapperError, match="affix list"):
        memory.remove_affix(store, SELLER.name, Affix(AffixKind.PREFIX, "-FBA"))
