"""Who may do what in a real Odoo: without the rights nothing at all is written."""

import pytest

from lib.target import provision
from lib.target.layer import AMAZON_PRODUCT, JOB_LOG
from lib.target.port import Denied, TargetError
from tests.odoo.steps import add_product, add_user, count, outcomes, target
from tests.runs import press, preview
from tests.tables import map_file

PRODUCT_MANAGER = "product.group_product_manager"
AMAZON_MANAGER = "amazon_mapper.group_manager"


@pytest.fixture(scope="module")
def admin(layered):
    """The administrator; with a product to map to, RIGHTS, and users of all sorts, each with the
    login as password."""
    odoo = target(layered).connection
    add_product(odoo, "RIGHTS")
    add_user(odoo, "nobody")
    add_user(odoo, "sells", PRODUCT_MANAGER)
    add_user(odoo, "maps", AMAZON_MANAGER)
    add_user(odoo, "does-both", AMAZON_MANAGER, PRODUCT_MANAGER)
    return odoo


def written(odoo) -> list[int]:
    return [count(odoo, model) for model in (AMAZON_PRODUCT, JOB_LOG, "product.product")]


@pytest.mark.parametrize(
    ("user", "reference", "refused"),
    [
        ("nobody", "RIGHTS", AMAZON_PRODUCT),
        ("nobody", "RIGHTS-NEW", AMAZON_PRODUCT),
        ("sells", "RIGHTS", AMAZON_PRODUCT),
        ("sells", "RIGHTS-NEW", AMAZON_PRODUCT),
        ("maps", "RIGHTS-NEW", "product.product"),
    ],
)
def test_a_user_without_the_rights_is_refused_before_anything_is_written(
    layered, admin, user, reference, refused
):
    of_user = target(layered, user)
    file = map_file({"sku": f"{user}-REFUSED", "reference": reference})
    before = written(admin)
    with pytest.raises(Denied, match=f"User {user} has no right to create {refused}") as raised:
        press(of_user, file, create=True)
    assert "nothing was written" in str(raised.value)
    assert written(admin) == before


def test_who_may_not_create_products_may_still_map_to_those_there_are(layered, admin):
    file = map_file({"sku": "MAPS-1", "reference": "RIGHTS"})
    assert outcomes(press(target(layered, "maps"), file)) == {"done": 1}


def test_no_administrator_is_needed_for_the_whole_journey(layered, admin):
    of_user = target(layered, "does-both")
    with pytest.raises(Denied):
        of_user.connection.call("ir.model.data", "search", [[]])
    assert of_user.missing() == []
    file = map_file(
        {"sku": "BOTH-1", "reference": "RIGHTS"}, {"sku": "BOTH-2", "reference": "BOTH-NEW"}
    )
    result = press(of_user, file, create=True)
    assert result.written == {"link": 2, "relink": 0, "update": 0, "unmap": 0,
                            "create_product": 1, "set_price": 0}  # fmt: skip
    assert of_user.jobs()[0].id == result.job.id
    assert len(of_user.job_rows(result.job.id)) == 2

    again = press(of_user, file, create=True)
    assert outcomes(again) == {"unchanged": 2}
    renamed = map_file({"sku": "BOTH-1", "reference": "RIGHTS", "title": "Another"})
    assert press(of_user, renamed).written["update"] == 1


def test_who_has_no_rights_sees_what_is_mapped_and_what_would_be(layered, admin):
    of_user = target(layered, "nobody")
    assert of_user.missing() == []
    file = map_file({"sku": "NOBODY-1", "reference": "RIGHTS"})
    assert preview(of_user, file).plan.counts["link"] == 1
    assert of_user.jobs() == target(layered).jobs()


@pytest.fixture(scope="module")
def outsiders(bare):
    """The connections of an administrator and of another user where there is no layer."""
    admin = target(bare).connection
    add_user(admin, "sells", PRODUCT_MANAGER)
    return admin, target(bare, "sells").connection


def test_everybody_sees_that_there_is_no_layer(outsiders):
    admin, user = outsiders
    assert provision.missing(user) == provision.missing(admin)


@pytest.mark.parametrize("act", [provision.provision, provision.remove, provision.removable])
def test_only_an_administrator_makes_or_removes_the_layer(outsiders, act):
    admin, user = outsiders
    with pytest.raises(TargetError, match="administrator"):
        act(user)
    assert count(admin, "ir.model.data", ("module", "=", "amazon_mapper")) == 0
    assert count(admin, "res.groups", ("name", "=", "Amazon Manager")) == 0


def test_who_is_no_administrator_is_denied_by_name(outsiders):
    with pytest.raises(Denied, match="User sells"):
        provision.provision(outsiders[1])


def test_the_layer_is_not_removed_by_who_may_only_use_it(layered, admin):
    before = written(admin)
    with pytest.raises(Denied, match=r"refused user does-both: .*administrator") as raised:
        provision.remove(target(layered, "does-both").connection)
    assert "\n" not in str(raised.value)
    assert provision.missing(admin) == []
    assert written(admin) == before
