"""What the pages share."""

from lib import settings
from lib.ui import session


def test_settings_that_are_written_anew_are_read_anew(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings.SECRETS.parent.mkdir()
    assert list(session.configured().sellers) == ["demo"]
    settings.SECRETS.write_text("[sellers.acme]\n")
    assert list(session.configured().sellers) == ["acme"]
    monkeypatch.setenv(settings.DATA_VARIABLE, str(tmp_path / "elsewhere"))
    assert session.configured().data == tmp_path / "elsewhere"
    assert session.configured() is session.configured()
