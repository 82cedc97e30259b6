"""The Amazon layer in a real Odoo: making it, using it from Odoo's own screens, removing it."""

import ast
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from lib.__main__ import main
from lib.match.decisions import Choice, listing_keys
from lib.model import Lane, Options
from lib.review import review
from lib.target import provision
from lib.target.connection import Connection
from lib.target.layer import AMAZON_PRODUCT, JOB_LOG, parts
from lib.target.port import TargetError, Unreachable
from tests.odoo.steps import add_product, by_hand, by_xid, count, outcomes, target
from tests.runs import execute, press, preview
from tests.tables import SELLER, listings, map_file

MODELS = (AMAZON_PRODUCT, JOB_LOG)


def test_the_preview_names_every_part_and_makes_none(bare):
    odoo = target(bare).connection
    words = provision.missing(odoo)
    assert len(words) == len(parts(odoo.major, {}))
    assert len(set(words)) == len(words)
    assert {
        "User group Amazon Manager",
        "Model Amazon Product",
        "Model Amazon Job Log",
        "Field Seller SKU (amazon_product.x_sku)",
        "Access rights Amazon Product: users",
        "Access rights Amazon Product: managers",
        "View Amazon Product list",
        "View Amazon Job Log search",
        "Action Process job log",
        "Menu All variants",
    } <= set(words)
    assert count(odoo, "ir.model.data", ("module", "=", "amazon_mapper")) == 0
    assert provision.removable(odoo) == {}


def break_off(odoo: Connection, monkeypatch, after: int) -> None:
    """Lose the connection after so many calls that write."""
    call, left = odoo.call, [after]

    def failing(model, method, *args, **kwargs):
        if method in ("load", "write", "unlink"):
            left[0] -= 1
            if left[0] < 0:
                raise Unreachable("it broke off")
        return call(model, method, *args, **kwargs)

    monkeypatch.setattr(odoo, "call", failing)


@pytest.fixture(scope="module")
def pieced(odoo_db):
    """A layer made by attempts that break off, each after one call more that writes; and how
    many parts were missing before each."""
    odoo, left = target(odoo_db).connection, []
    while missing := provision.missing(odoo):
        left.append(len(missing))
        with pytest.MonkeyPatch.context() as patch:
            break_off(odoo, patch, after=1)
            try:
                provision.provision(odoo)
            except Unreachable:
                continue
    return target(odoo_db), left


def test_making_it_can_be_broken_off_anywhere_and_finished(pieced):
    of_odoo, left = pieced
    assert len(left) > 5
    assert all(before > after for before, after in pairwise(left))
    assert of_odoo.missing() == []


def test_who_finishes_it_may_use_it(pieced):
    pieced[0].check_rights({"product", "amazon_product"})


def test_making_it_twice_makes_nothing_the_second_time(pieced, monkeypatch):
    odoo = pieced[0].connection
    break_off(odoo, monkeypatch, after=0)
    assert provision.provision(odoo) == []


LEFTOVERS = {
    "ir_model": "model like 'x_amazon%'",
    "ir_model_fields": "model like 'x_amazon%' or relation like 'x_amazon%'",
    "ir_model_data": "module = 'amazon_mapper' or name like '%x_amazon%'",
    "ir_model_access": "name like 'Amazon %'",
    "ir_ui_view": "model like 'x_amazon%'",
    "ir_act_window": "res_model like 'x_amazon%'",
    "ir_ui_menu": "name->>'en_US' in ('Amazon', 'All variants', 'Process job log')",
    "res_groups": "name->>'en_US' = 'Amazon Manager'",
    "ir_attachment": "res_model like 'x_amazon%'",
    "information_schema.tables": "table_name like 'x_amazon%'",
}


def leftovers(server, database) -> dict[str, int]:
    """What PostgreSQL holds of the layer: a table -> rows."""
    selects = [f"select '{table}', count(*) from {table} where {found}"
               for table, found in LEFTOVERS.items()]  # fmt: skip
    rows = server.sql("psql", "-d", database, "-AtF ", "-c", " union all ".join(selects))
    pairs = [row.split() for row in rows.splitlines()]
    return {table: int(number) for table, number in pairs if int(number)}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """``python -m lib`` in a folder without settings."""
    monkeypatch.chdir(tmp_path)

    def run(database, *arguments):
        monkeypatch.setenv("ODOO_PASSWORD", database.password)
        named = ["--odoo-url", database.url, "--odoo-database", database.database]
        status = main([*arguments, *named, "--odoo-user", database.user])
        return status, *capsys.readouterr()

    return run


def test_the_layer_is_removed_by_the_script_and_comes_back(
    pieced, odoo_server, odoo_db, run, monkeypatch, capsys
):
    admin = pieced[0].connection
    manager = by_xid(admin, "amazon_mapper.group_manager")
    admin.call("res.users", "write", [[admin.user], {"group_ids": [(4, manager)]}])
    add_product(admin, "LIFE-1")
    file = map_file(
        {"sku": "LIFE-1", "reference": "LIFE-1"}, {"sku": "LIFE-2", "reference": "LIFE-NEW"}
    )
    press(target(odoo_db), file, create=True)
    admin.call(AMAZON_PRODUCT, "create", [{"x_name": "Made by hand"}])
    products = count(admin, "product.product")
    assert set(leftovers(odoo_server, odoo_db.database)) == set(LEFTOVERS)

    status, out, _ = run(odoo_db, "provision", "--remove", "--dry-run")
    assert status == 0
    assert "3 × Amazon Product record" in out
    assert "1 × Amazon Job Log record" in out
    assert provision.missing(admin) == []

    def announced(odoo):
        assert "to remove for good (the products stay)" in capsys.readouterr().out
        break_off(odoo, monkeypatch, after=4)
        remove(odoo)

    remove = provision.remove
    monkeypatch.setattr(provision, "remove", announced)
    status, _, err = run(odoo_db, "provision", "--remove")
    assert (status, err) == (2, "error: it broke off\n")
    monkeypatch.setattr(provision, "remove", remove)
    status, out, _ = run(odoo_db, "provision", "--remove")
    assert status == 0
    assert out.endswith("Removed.\n")

    assert leftovers(odoo_server, odoo_db.database) == {}
    assert count(admin, "product.product") == products
    assert "nothing to remove" in run(odoo_db, "provision", "--remove")[1]

    status, out, _ = run(odoo_db, "provision")
    assert status == 0
    assert "Menu All variants" in out
    back = target(odoo_db)
    assert outcomes(press(back, file, create=True)) == {"done": 2}
    assert outcomes(press(back, file, create=True)) == {"unchanged": 2}
    assert count(admin, "product.product") == products


def test_an_odoo_without_an_answer_is_not_taken_for_one_without_the_layer(of_odoo, monkeypatch):
    def lost(*_):
        raise Unreachable("it broke off")

    monkeypatch.setattr(of_odoo.connection, "call", lost)
    with pytest.raises(Unreachable):
        of_odoo.missing()


def held(odoo, number: int) -> dict:
    return odoo.call(AMAZON_PRODUCT, "read", [[number], ["x_name", "x_product_id", "x_key"]])[0]


def test_a_record_made_by_hand_is_known_updated_and_relinked_by_its_number(of_odoo, odoo):
    first, second = add_product(odoo, "HAND-A"), add_product(odoo, "HAND-B")
    number = by_hand(odoo, "HAND", first)

    same = map_file({"sku": "HAND", "reference": "HAND-A", "title": "By hand"})
    assert preview(of_odoo, same).matches["lane"].tolist() == [Lane.MAPPED]
    assert outcomes(press(of_odoo, same)) == {"unchanged": 1}

    renamed = map_file({"sku": "HAND", "reference": "HAND-A", "title": "Better"})
    assert press(of_odoo, renamed).written["update"] == 1
    assert held(odoo, number)["x_name"] == "Better"

    row = {"sku": "HAND", "reference": "HAND-B", "title": "Better"}
    chosen = {listing_keys(listings(row))[0]: Choice(second)}
    done = review(map_file(row), of_odoo.catalogue(), SELLER, Options(), chosen)
    assert execute(done, of_odoo, "me").written["relink"] == 1
    assert held(odoo, number)["x_product_id"][0] == second
    assert held(odoo, number)["x_key"] is False
    assert count(odoo, AMAZON_PRODUCT, ("x_sku", "=", "HAND")) == 1


def test_half_a_record_made_by_hand_is_in_nobody_s_way(of_odoo, odoo):
    number = odoo.call(AMAZON_PRODUCT, "create", [{"x_name": "Half"}])
    read = of_odoo.catalogue().amazon_products.set_index("id").loc[number]
    assert read.drop("title").tolist() == ["", "", "", "", 0, 1, "", ""]
    add_product(odoo, "HALF")
    assert outcomes(press(of_odoo, map_file({"sku": "HALF", "reference": "HALF"}))) == {"done": 1}


def test_the_menus_open_the_records(odoo):
    under = ("parent_id", "child_of", by_xid(odoo, "amazon_mapper.menu_root"))
    menus = odoo.call("ir.ui.menu", "search_read", [[under], ["complete_name", "action"]])
    opens = {menu["complete_name"]: menu["action"] for menu in menus}
    assert set(opens) == {
        "Amazon",
        "Amazon/Products",
        "Amazon/Products/All variants",
        "Amazon/Log",
        "Amazon/Log/Process job log",
    }
    for menu, model in (
        ("Amazon/Products/All variants", AMAZON_PRODUCT),
        ("Amazon/Log/Process job log", JOB_LOG),
    ):
        kind, number = opens[menu].split(",")
        action = odoo.call(kind, "read", [[int(number)], ["res_model", "view_mode"]])[0]
        assert (action["res_model"], action["view_mode"]) == (model, "list,form")


def views(odoo, model) -> dict[str, ElementTree.Element]:
    """The views that Odoo opens for a model, as its web client gets them."""
    wanted = [[False, kind] for kind in ("list", "form", "search")]
    got = odoo.call(model, "get_views", [wanted])["views"]
    return {kind: ElementTree.fromstring(view["arch"]) for kind, view in got.items()}


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (AMAZON_PRODUCT, {"x_sku", "x_marketplace", "x_product_id", "x_reference", "x_barcode"}),
        (JOB_LOG, {"x_started", "x_user", "x_rows", "x_done", "x_failed"}),
    ],
)
def test_the_views_are_ours_and_show_what_matters(odoo, model, shown):
    for kind in ("list", "form"):
        fields = {field.get("name") for field in views(odoo, model)[kind].iter("field")}
        assert shown <= fields


@pytest.mark.parametrize("model", MODELS)
def test_every_filter_of_the_search_view_is_a_search_that_odoo_runs(odoo, model):
    filters = list(views(odoo, model)["search"].iter("filter"))
    assert filters
    for part in filters:
        if part.get("domain"):
            odoo.call(model, "search", [ast.literal_eval(part.get("domain"))])
        else:
            by = ast.literal_eval(part.get("context"))["group_by"]
            odoo.call(model, "formatted_read_group", [[], [by], ["__count"]])


def test_the_filters_find_what_they_say(odoo):
    archived = add_product(odoo, "FILTER-OLD", active=False)
    by_hand(odoo, "FILTER-1", archived)
    by_hand(odoo, "FILTER-2", add_product(odoo, "FILTER"), x_fulfilment="MFN")
    search = views(odoo, AMAZON_PRODUCT)["search"]

    def found(name: str) -> list[str]:
        domain = ast.literal_eval(search.find(f".//filter[@name='{name}']").get("domain"))
        records = odoo.call(
            AMAZON_PRODUCT, "search_read", [[("x_sku", "like", "FILTER-"), *domain], ["x_sku"]]
        )
        return [record["x_sku"] for record in records]

    assert [found(name) for name in ("fba", "fbm", "archived")] == [
        ["FILTER-1"], ["FILTER-2"], ["FILTER-1"],
    ]  # fmt: skip


def test_a_mapped_product_cannot_be_deleted_but_archived(odoo):
    product = add_product(odoo, "KEPT", barcode="4006381333931")
    number = by_hand(odoo, "KEPT", product)
    with pytest.raises(TargetError):
        odoo.call("product.product", "unlink", [[product]])
    odoo.call("product.product", "write", [[product], {"active": False}])
    shown = odoo.call(AMAZON_PRODUCT, "read", [[number], ["x_reference", "x_barcode"]])[0]
    assert (shown["x_reference"], shown["x_barcode"]) == ("KEPT", "4006381333931")
