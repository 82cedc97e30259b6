"""A file that is read in another way than it was at first, because a person says so."""

from lib.columns import MAP_FIELDS
from tests.tables import workbook

HEADER = [*MAP_FIELDS.values()]


def choose(visitor, label: str, value: str) -> None:
    next(box for box in visitor.at.selectbox if box.label == label).set_value(value).run()


def shown(visitor, column: str) -> list[str]:
    """The cells of this column in all lanes."""
    tables = [table.value for table in visitor.at.dataframe if column in table.value]
    return [cell for table in tables for cell in table[column]]


def listing(sku: str) -> list[str]:
    return ["Chair", "FURN_7777", sku, "DE", "FBA"]


def test_another_sheet_of_the_workbook_may_be_chosen(visitor):
    january, february = [HEADER, listing("J-1")], [HEADER, listing("F-1"), listing("F-2")]
    visitor.upload(workbook(January=january, February=february), "months.xlsx")
    assert shown(visitor, "Seller SKU") == ["J-1"]
    assert "sheet January" in visitor.text
    choose(visitor, "Sheet", "February")
    assert shown(visitor, "Seller SKU") == ["F-1", "F-2"]
    assert "sheet February" in visitor.text
    choose(visitor, "Sheet", "January")
    assert shown(visitor, "Seller SKU") == ["J-1"]


def test_a_sheet_may_be_chosen_where_the_first_is_no_map_file(visitor):
    cover = [["Our listings"], ["as of January"]]
    visitor.upload(workbook(Cover=cover, Listings=[HEADER, listing("J-1")]), "listings.xlsx")
    assert not visitor.at.metric
    choose(visitor, "Sheet", "Listings")
    assert shown(visitor, "Seller SKU") == ["J-1"]


def test_another_encoding_of_the_file_may_be_chosen_and_another_again(visitor):
    text = f"{','.join(HEADER)}\nŁóżko,,S-1,DE,FBA\n"
    visitor.upload(text.encode("cp1250"), "map.csv")
    assert shown(visitor, "Title") == ["£ó¿ko"]
    choose(visitor, "Read the file as", "cp1250")
    assert shown(visitor, "Title") == ["Łóżko"]
    assert "CP1250" in visitor.text
    choose(visitor, "Read the file as", "utf-8")
    assert "line 2 is not text in the encoding utf-8" in visitor.errors[0]
    choose(visitor, "Read the file as", "cp1250")
    assert shown(visitor, "Title") == ["Łóżko"]
    assert not visitor.errors


def test_a_new_file_is_read_without_the_choices_made_for_the_last(visitor):
    header = ",".join(HEADER)
    visitor.upload(f"{header}\nŁóżko,,S-1,DE,FBA\n".encode("cp1250"), "map.csv")
    choose(visitor, "Read the file as", "cp1250")
    visitor.upload(f"{header}\nGrün,,S-1,DE,FBA\n".encode("cp1252"), "next.csv")
    assert shown(visitor, "Title") == ["Grün"]
    assert "CP1252" in visitor.text
