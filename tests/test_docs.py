"""The docs say what the code does."""

import re
import shlex

import pytest

from lib.__main__ import _parser
from lib.amazon.port import ReportState
from lib.columns import FILE_FIELDS
from lib.model import Lane, Outcome, Rule
from lib.overview import Drift
from lib.settings import AMAZON_VARIABLES
from lib.ui.registry import PAGES, ROOT

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = {path.name: path.read_text() for path in DOCS}
COMMANDS = [
    command
    for text in TEXT.values()
    for command in re.findall(r"python -m lib ([a-z].*?)(?:`|$)", text, re.MULTILINE)
]


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_in_the_docs_is_one(command):
    command = command.split(" >>")[0]  # where the shell writes to
    words = shlex.split(re.sub(r"\[(.*?)\]", r"\1", command).replace("embedded|odoo", "odoo"))
    given = _parser().parse_args(words)
    assert callable(given.run)


def test_the_docs_name_commands():
    assert len(set(COMMANDS)) >= 4


@pytest.mark.parametrize("option", ["--create", "--dry-run", "--out", "--json", "--target",
                                    "--odoo-url", "--odoo-database", "--odoo-user"])  # fmt: skip
def test_every_option_of_map_is_in_the_docs_and_in_the_help(option, capsys):
    assert option in TEXT["command-line.md"]
    with pytest.raises(SystemExit):
        _parser().parse_args(["map", "--help"])
    assert option in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--marketplace", "--file", "--fba-report", "--inactive",
                                    "--lookup"])  # fmt: skip
def test_every_option_of_sync_is_in_the_docs_and_in_the_help(option, capsys):
    assert option in TEXT["command-line.md"]
    with pytest.raises(SystemExit):
        _parser().parse_args(["sync", "--help"])
    assert option in capsys.readouterr().out


def test_the_units_and_cron_lines_of_the_docs_are_commands():
    lines = [line for line in TEXT["schedule.md"].splitlines() if ".venv/bin/python -m lib" in line]
    assert len(lines) >= 3
    for line in lines:
        words = line.split("python -m lib ")[1].split(" >>")[0]
        assert callable(_parser().parse_args(shlex.split(words)).run)


@pytest.mark.parametrize("lane", Lane)
def test_every_lane_is_explained(lane):
    assert f"| {lane.label} |" in TEXT["concepts.md"]


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.NONE])
def test_every_rule_is_explained(rule):
    assert f"**{rule.value}**" in TEXT["concepts.md"]


@pytest.mark.parametrize("kind", Drift)
def test_every_drift_is_explained(kind):
    assert f"| {kind.label} |" in TEXT["layer.md"]


@pytest.mark.parametrize("header", FILE_FIELDS.values())
def test_every_column_is_explained(header):
    assert f"| {header} |" in TEXT["map-file.md"]


def test_the_outcomes_are_named_where_scripts_read_them():
    assert ", ".join(Outcome) in TEXT["command-line.md"]


@pytest.mark.parametrize("state", ReportState)
def test_every_state_of_a_report_is_explained(state):
    assert state.label in TEXT["amazon.md"]


@pytest.mark.parametrize("names", AMAZON_VARIABLES.items(), ids="=".join)
def test_every_credential_is_explained_with_its_variable(names):
    assert re.search(r"\| `{}` \| `{}_".format(*names), TEXT["amazon.md"])


def test_pages_that_the_readme_names_are_there():
    titles = {spec.title for spec in PAGES}
    assert titles & set(re.findall(r"\*\*(.*?)\*\*", TEXT["README.md"])) >= {
        "Job log",
        "Amazon Products",
        "Connection",
    }


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_and_picture_is_there(path):
    for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists(), target
