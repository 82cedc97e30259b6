"""The first steps: seller and options, the file, and its columns where they have other names."""

import streamlit as st

from lib.columns import FILE_FIELDS, MAP_FIELDS
from lib.model import MapFile, MapperError, Options, Seller
from lib.run.engine import engine
from lib.source import column_choices, map_out
from lib.source.column_guess import propose
from lib.source.encoding import ENCODINGS, NotInEncoding
from lib.source.map_file import REQUIRED, ColumnsNeeded
from lib.ui import session
from lib.ui.state import state
from lib.ui.tables import offer_csv
from lib.ui.text import counted, plain, problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
CHANNELS = {"FBA and FBM": ("AFN", "MFN"), "FBA": ("AFN",), "FBM": ("MFN",)}


def choose_options() -> tuple[Seller, Options]:
    """Seller → FBA, FBM or both → auto-create."""
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", gap="large"):
        seller = choose_seller()
        chosen = st.segmented_control(
            "Fulfilment",
            list(CHANNELS),
            default="FBA and FBM",
            required=True,
            key="channels",
            persist_state="session",
            help="FBA: Amazon ships (AFN). FBM: you ship (MFN). Other rows are left out.",
        )
        create = st.toggle(
            "Create missing products",
            seller.create,
            key=f"create_{seller.name}",
            persist_state="session",
            help="Rows whose reference no product has become new products in Odoo, "
            "named by their Title.",
        )
        packs = st.toggle(
            "Pack sizes from titles",
            key="packs",
            persist_state="session",
            help="A title such as “Pack of 6” sets Units to 6, where the file says no units, Odoo "
            "holds 1 and the product is no pack itself. Off, such rows have a note.",
        )
    return seller, Options(CHANNELS[chosen], create, packs)


def choose_seller() -> Seller:
    """The seller, who stays chosen from page to page."""
    sellers = session.configured().sellers
    return sellers[
        st.selectbox("Seller", list(sellers), key="seller", persist_state="session", width=240)
    ]


def choose_file() -> MapFile | None:
    """The uploaded map file, or nothing yet."""
    here = state()
    with st.container(border=True):
        if here.upload is None:
            given = st.file_uploader(
                "Map file (CSV or XLSX)",
                key=f"upload_{here.uploads}",
                help="Columns: Title, Internal Reference, Seller SKU, Marketplace, Fulfilment.",
            )
            if given is not None:
                here.take_file(given.name, given.getvalue())
                st.rerun()
            _sample_buttons()
            _how_it_works()
            return None
        with st.container(horizontal=True, vertical_alignment="center"):
            file = _read()
            if file is not None:
                _about(file)
            st.button(
                "Another file", icon=":material/upload_file:", on_click=here.drop_file, key="drop"
            )
        return file


def _sample_buttons() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("New here? Start with the sample file: fill it in, or upload it as it is.")
        offer_csv(
            "Sample CSV",
            map_out.sample_csv,
            "sample_map.csv",
        )
        st.download_button(
            "Sample XLSX",
            map_out.sample_xlsx,
            "sample_map.xlsx",
            XLSX,
            on_click="ignore",
            icon=":material/download:",
        )


def _how_it_works() -> None:
    steps = {
        ":material/upload_file: Upload": "A map file with five columns: Title, Internal Reference, "
        "Seller SKU, Marketplace, Fulfilment. CSV or Excel, any order, any encoding.",
        ":material/rule: Review": "Each row is matched to an Odoo product by exact rules. What is "
        "not exact and unique waits for you: choose a product, or dismiss the row.",
        ":material/play_arrow: Execute": "See the exact numbers first. Then the mapping is written "
        "as Amazon Products, and every row's outcome is in the job log.",
    }
    for place, (title, words) in zip(st.columns(3), steps.items(), strict=True):
        place.markdown(f"**{title}**")
        place.caption(words)


def _read() -> MapFile | None:
    try:
        return session.map_file()
    except ColumnsNeeded as needed:
        st.warning(plain(str(needed)), icon=":material/view_column:")
        choose_sheet(needed.sheet, needed.sheets)
        _match_columns(needed.headers, propose(needed.headers, needed.guess))
    except NotInEncoding as error:
        problem(error)
        choose_encoding("Choose its encoding")
    except MapperError as error:
        problem(error)
    return None


def _match_columns(all_headers: list[str], guessed: dict[str, str]) -> None:
    """Let the user say which column is which; remembered for files with the same headers."""
    with st.form("columns", border=False):
        chosen = {}
        headers = [header for header in dict.fromkeys(all_headers) if header]
        for place, (field, label) in zip(st.columns(5), MAP_FIELDS.items(), strict=True):
            guess = guessed.get(field)
            required = field in REQUIRED
            chosen[field] = place.selectbox(
                f"{label} *" if required else label,
                headers,
                index=headers.index(guess) if guess in headers else None,
                placeholder="Choose a column" if required else "No column",
                key=f"column_{field}",
            )
        st.caption("\\* required")
        if st.form_submit_button("Use these columns", type="primary"):
            missing = [MAP_FIELDS[field] for field in REQUIRED if not chosen[field]]
            if missing:
                st.error(f"Choose a column for {', '.join(missing)}.")
                return
            taken = {field: header for field, header in chosen.items() if header}
            if len(set(taken.values())) < len(taken):
                st.error(
                    "Two of the five are the same column. Choose a column of its own for each."
                )
                return
            column_choices.remember(all_headers, taken, engine().store)
            state().read_again()
            st.rerun()


def _about(file: MapFile) -> None:
    """What was read and how, so that a wrong reading is seen."""
    facts = [counted(len(file.listings), "row")]
    if file.encoding:
        facts += [file.encoding.upper(), f"{DELIMITERS[file.delimiter]} separated"]
    if file.ignored:
        facts.append("columns ignored: " + ", ".join(file.ignored))
    if file.sheet:
        facts.append(f"sheet {file.sheet}")
    st.markdown(f":material/description: **{plain(file.name)}** · {plain(' · '.join(facts))}")
    choose_sheet(file.sheet, file.sheets)
    with st.popover("Columns", type="tertiary"):
        for field, header in file.columns.items():
            st.caption(f"{FILE_FIELDS[field]} is read from **{plain(header)}**")
        _match_columns(list(file.headers), file.columns)
    if file.encoding:
        with st.popover("Wrong letters?", type="tertiary"):
            choose_encoding(file.encoding)


def choose_sheet(shown: str, sheets: tuple[str, ...]) -> None:
    """Let the user say where the table is, if there is a choice."""
    if len(sheets) > 1:
        st.selectbox(
            "Sheet",
            sheets,
            index=sheets.index(shown),
            key=f"sheet_{state().uploads}",
            on_change=_read_again,
            args=("sheet",),
            label_visibility="collapsed",
            width=200,
        )


def choose_encoding(shown: str) -> None:
    """Let the user say what the file is in: its letters are wrong, or it cannot be read."""
    st.selectbox(
        "Read the file as",
        ENCODINGS,
        index=None,
        placeholder=shown,
        key=f"encoding_{state().uploads}",
        on_change=_read_again,
        args=("encoding",),
    )


def _read_again(choice: str) -> None:
    """Take the sheet or the encoding that was chosen just now."""
    here = state()
    setattr(here, choice, st.session_state[f"{choice}_{here.uploads}"])
