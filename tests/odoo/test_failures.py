"""What goes wrong in the middle of a run on a real Odoo: no row is lost, and none written twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Timer

import pytest

from lib.run import advance, batches
from lib.target.layer import AMAZON_PRODUCT
from tests.odoo.steps import add_product, count, outcomes
from tests.runs import drive, execute, press, preview, undo
from tests.tables import map_file


@pytest.fixture
def server(odoo_server):
    """The server, which runs again when the test is over."""
    yield odoo_server
    if odoo_server.process.poll() is not None:
        odoo_server.start()


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 2, "amazon_product": 20})
    monkeypatch.setattr(advance, "ROUND", 1)


def new_things(name: str, products: int, listings: int):
    """A file of so many listings, in turns of so many products that are still to be created."""
    return map_file(
        *({"sku": f"{name}-{at}", "reference": f"{name}-{at % products}"} for at in range(listings))
    )


def in_odoo(odoo, name: str) -> tuple[int, int]:
    """How many products and Amazon Products there are of these things."""
    return (
        count(odoo, "product.product", ("default_code", "like", f"{name}-")),
        count(odoo, AMAZON_PRODUCT, ("x_sku", "like", f"{name}-")),
    )


@contextmanager
def started_again(server, dead: Event, seconds: float):
    """Meanwhile, start the server so many seconds after its death. Only the main thread can: the
    server ends with the thread that started it."""
    with ThreadPoolExecutor(1) as pool:
        yield pool
        assert dead.wait(60)
        time.sleep(seconds)
        server.start()


def test_a_run_goes_on_by_itself_when_odoo_is_back(of_odoo, odoo, server, small_batches):
    done, dead = preview(of_odoo, new_things("BACK", 6, 60), create=True), Event()

    def kill_after_the_first_batch(progress):
        if not dead.is_set():
            server.kill()
            dead.set()

    with started_again(server, dead, seconds=3) as pool:
        running = pool.submit(execute, done, of_odoo, "me", kill_after_the_first_batch, waits=300)
    result = running.result()
    assert result.error == ""
    assert outcomes(result) == {"done": 60}
    assert in_odoo(odoo, "BACK") == (6, 60)
    assert outcomes(press(of_odoo, new_things("BACK", 6, 60), create=True)) == {"unchanged": 60}


def test_a_batch_that_odoo_dies_over_is_written_once(of_odoo, odoo, server, monkeypatch):
    done, dead = preview(of_odoo, new_things("OVER", 300, 300), create=True), Event()
    load, sent = of_odoo.load, []

    def die():
        server.kill()
        dead.set()

    def doomed_load(kind, rows):
        if not sent:
            Timer(0.3, die).start()
        sent.append(kind)
        return load(kind, rows)

    monkeypatch.setattr(of_odoo, "load", doomed_load)
    with started_again(server, dead, seconds=0) as pool:
        running = pool.submit(execute, done, of_odoo, waits=300)
    assert sent[:2] == ["product", "product"]
    assert outcomes(running.result()) == {"done": 300}
    assert in_odoo(odoo, "OVER") == (300, 300)


@pytest.mark.parametrize(
    ("name", "after", "products", "written"),
    [("DOWN-P", 1, 4, 0), ("DOWN-A", 3, 6, 30)],
    ids=["products", "listings"],
)
def test_a_run_that_odoo_leaves_says_so_and_is_finished_when_it_is_back(
    of_odoo, odoo, server, small_batches, name, after, products, written
):
    rounds = []

    def kill(progress):
        rounds.append(progress)
        if len(rounds) == after:
            server.kill()

    file = new_things(name, 6, 60)
    left = execute(preview(of_odoo, file, create=True), of_odoo, "me", kill)
    assert left.run.state == "waiting"
    assert f"{server.url} cannot be reached" in left.run.error
    assert left.written["create_product"] == products
    assert left.written["link"] == written

    server.start()
    assert in_odoo(odoo, name) == (products, written)
    ended = drive(left.journal, left.run, of_odoo)
    assert (ended.run.state, ended.run.error) == ("done", "")
    assert outcomes(ended) == {"done": 60}
    assert in_odoo(odoo, name) == (6, 60)


def test_one_bad_row_among_many_fails_alone_in_odoo_s_words(of_odoo, odoo, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", batches.BATCH | {"product": 500, "amazon_product": 500})
    add_product(odoo, "GOOD")
    doomed = add_product(odoo, "DOOMED")
    rows = [{"sku": f"MANY-{at}", "reference": "GOOD"} for at in range(1500)]
    rows[700]["reference"] = "DOOMED"
    done = preview(of_odoo, map_file(*rows))
    odoo.call("product.product", "unlink", [[doomed]])

    result = execute(done, of_odoo, "me")
    assert outcomes(result) == {"done": 1499, "failed": 1}
    assert result.outcomes["outcome"][700] == "failed"
    assert str(doomed) in result.outcomes["message"][700]
    assert result.error == ""
    assert in_odoo(odoo, "MANY")[1] == 1499


@pytest.fixture
def picky(odoo_server, layered):
    """Odoo with a rule of the customer's own: no product is called Forbidden."""

    def sql(words):
        odoo_server.sql(
            "psql", "-d", layered.database, "-qc", f"alter table product_template {words}"
        )

    sql("add constraint no_such_name check (name->>'en_US' != 'Forbidden')")
    yield lambda: sql("drop constraint no_such_name")
    sql("drop constraint if exists no_such_name")


def test_a_product_that_odoo_refuses_fails_alone_with_its_listings(of_odoo, odoo, picky):
    file = map_file(
        {"sku": "PICKY-1", "reference": "PICKY-1"},
        {"sku": "PICKY-2", "reference": "PICKY-2", "title": "Forbidden"},
        {"sku": "PICKY-3", "reference": "PICKY-2", "title": "Forbidden"},
        {"sku": "PICKY-4", "reference": "PICKY-4"},
    )
    result = press(of_odoo, file, create=True)
    assert result.outcomes["outcome"].tolist() == ["done", "failed", "failed", "done"]
    messages = result.outcomes["message"][1:3]
    assert messages.str.contains("Product not created: .*no_such_name").all()
    assert in_odoo(odoo, "PICKY") == (2, 2)

    picky()
    assert outcomes(press(of_odoo, file, create=True)) == {"done": 2, "unchanged": 2}
    assert in_odoo(odoo, "PICKY") == (3, 4)


def test_what_somebody_changed_in_odoo_since_the_preview_is_not_overwritten(of_odoo, odoo):
    add_product(odoo, "STALE-A")
    file = map_file(*({"sku": f"STALE-{at}", "reference": "STALE-A"} for at in range(3)))
    press(of_odoo, file)
    titled = map_file(
        *({"sku": f"STALE-{at}", "reference": "STALE-A", "title": "New"} for at in range(3))
    )
    seen = preview(of_odoo, titled)
    theirs = odoo.call(AMAZON_PRODUCT, "search", [[("x_sku", "=", "STALE-1")]])
    odoo.call(AMAZON_PRODUCT, "write", [theirs, {"x_name": "Theirs"}])
    result = execute(seen, of_odoo)
    assert result.outcomes["outcome"].tolist() == ["done", "failed", "done"]
    assert result.outcomes["message"][1].startswith("The mapping was changed in Odoo since")
    read = odoo.call(AMAZON_PRODUCT, "read", [theirs, ["x_name"]])
    assert read[0]["x_name"] == "Theirs"


def test_a_record_that_others_write_to_at_the_same_time_is_tried_again(
    of_odoo, odoo, odoo_server, layered
):
    add_product(odoo, "BUSY-A")
    press(of_odoo, map_file({"sku": "BUSY-1", "reference": "BUSY-A"}))
    done = preview(of_odoo, map_file({"sku": "BUSY-1", "reference": "BUSY-A", "title": "New"}))
    slow = (
        "begin; update x_amazon_product set x_seller = x_seller where x_sku = 'BUSY-1';"
        "select pg_sleep(2); commit"
    )
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(odoo_server.sql, "psql", "-d", layered.database, "-qc", slow)
        time.sleep(0.5)
        result = execute(done, of_odoo, waits=20)
        other.result()
    assert outcomes(result) == {"done": 1}
    assert result.run.error == ""


def test_after_an_undo_odoo_is_as_before(of_odoo, odoo):
    add_product(odoo, "UNDO-A")
    add_product(odoo, "UNDO-B")
    press(of_odoo, map_file({"sku": "UNDO-0", "reference": "UNDO-A", "title": "Old"}))
    before = of_odoo.catalogue()
    done = press(
        of_odoo,
        map_file(
            {"sku": "UNDO-0", "reference": "UNDO-A", "title": "New"},
            {"sku": "UNDO-1", "reference": "UNDO-B"},
            {"sku": "UNDO-2", "reference": "UNDO-NEW"},
            {"sku": "UNDO-3", "reference": "UNDO-NEW"},
        ),
        create=True,
    )
    assert done.written == {"link": 3, "relink": 0, "update": 1, "unmap": 0,
                            "create_product": 1, "set_price": 0}  # fmt: skip
    undone = undo(done, of_odoo)
    assert (undone.run.state, undone.run.error) == ("done", "")
    after = of_odoo.catalogue()
    assert after.products.equals(before.products)
    assert after.amazon_products.equals(before.amazon_products)


def test_an_undo_archives_a_product_in_use_and_leaves_an_edited_one(of_odoo, odoo):
    done = press(
        of_odoo,
        map_file(*({"sku": f"USED-{at}", "reference": f"USED-{at}"} for at in range(3))),
        create=True,
    )
    ids = {
        record["default_code"]: record["id"]
        for record in odoo.call(
            "product.product",
            "search_read",
            [[("default_code", "like", "USED-")], ["default_code"]],
        )
    }
    partner = odoo.call("res.partner", "search", [[]])[0]
    line = {"product_id": ids["USED-0"], "product_uom_qty": 1}
    odoo.call("sale.order", "create", [{"partner_id": partner, "order_line": [(0, 0, line)]}])
    time.sleep(1.1)  # Odoo tells times by the second
    odoo.call("product.product", "write", [[ids["USED-1"]], {"list_price": 99.0}])
    undone = undo(done, of_odoo)
    rows = undone.job.rows.set_index("reference")["message"]
    messages = {name: rows[name].iloc[-1] for name in ids}
    assert messages["USED-0"].startswith("Product archived, it is in use")
    assert messages["USED-1"].startswith("Changed or removed since by somebody")
    assert messages["USED-2"] == "Product deleted"
    left = of_odoo.products_with(list(ids))
    assert dict(zip(left["reference"], left["active"], strict=True)) == {
        "USED-0": False, "USED-1": True,
    }  # fmt: skip
