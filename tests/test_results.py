"""The rows of a review as they are downloaded and logged."""

from lib.match.decisions import Choice
from lib.model import Lane, Options
from lib.results import result_rows
from lib.review import again, review
from lib.source import map_out
from tests.tables import SELLER, catalogue, map_file

PRODUCTS = {"reference": "A", "name": "Lamp"}, {"reference": "", "name": "Chair"}
CATALOGUE = catalogue(*PRODUCTS)
FILE = map_file(
    {"sku": "1", "reference": "A"},
    {"sku": "2", "reference": ""},
    {"sku": "3", "reference": "NEW", "title": "Desk"},
    {"sku": "4", "reference": ""},
)


def test_each_row_names_its_product_also_without_a_reference_and_one_to_be_created():
    done = review(FILE, CATALOGUE, SELLER, Options(create=True))
    done = again(done, decisions={done.keys.iloc[1]: Choice(2)})
    assert result_rows(done)["product"].tolist() == ["[A] Lamp", "Chair", "[NEW] Desk", ""]
    assert result_rows(done, done.matches.index[[1]])["product"].tolist() == ["Chair"]


def test_a_row_names_the_product_that_it_is_taken_from_and_a_blocked_one_none():
    held = {"sku": "1", "product_id": 2}, {"sku": "2", "product_id": 2}
    rows = {"sku": "1", "action": "UNMAP"}, {"sku": "2", "reference": "A", "channel": "?"}
    done = review(map_file(*rows), catalogue(*PRODUCTS, held=held), SELLER, Options())
    assert result_rows(done)[["lane", "product"]].to_numpy().tolist() == [
        [Lane.MATCHED.label, "Chair"], [Lane.BLOCKED.label, ""],
    ]  # fmt: skip


def test_a_file_of_rows_without_any_product_has_no_such_column():
    done = review(FILE, CATALOGUE, SELLER, Options())
    waiting = done.matches.index[[1, 2, 3]]
    assert "product" not in map_out.read_back(map_out.to_csv(result_rows(done, waiting)))
    assert "product" in map_out.read_back(map_out.to_csv(result_rows(done)))
