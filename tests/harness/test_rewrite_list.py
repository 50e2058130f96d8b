"""Which cassettes a rewrite has finished."""

from pathlib import Path

import pytest

from connector_contract.storage.rewrite_list import RewriteList


@pytest.fixture
def cassette(tmp_path):
    path = tmp_path / "cassettes" / "test a" / "test b.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("recorded")
    return path


def test_what_is_finished_is_replayed_by_the_rewrite_that_goes_on(tmp_path, cassette):
    stopped = RewriteList(tmp_path / "rewritten", tmp_path)
    assert stopped.mode("rewrite", cassette) == "rewrite"
    stopped.add(cassette)
    assert stopped.mode("rewrite", cassette) == "rewrite"
    going_on = RewriteList.going_on(tmp_path / "rewritten", tmp_path)
    assert going_on.mode("rewrite", cassette) == "once"
    assert going_on.mode("rewrite", cassette.with_name("other.yaml")) == "rewrite"


def test_no_other_mode_changes(tmp_path, cassette):
    RewriteList(tmp_path / "rewritten", tmp_path).add(cassette)
    going_on = RewriteList.going_on(tmp_path / "rewritten", tmp_path)
    assert [going_on.mode(mode, cassette) for mode in ("none", "all", "disabled")] == [
        "none",
        "all",
        "disabled",
    ]


def test_what_has_changed_since_or_is_gone_is_recorded(tmp_path, cassette):
    RewriteList(tmp_path / "rewritten", tmp_path).add(cassette)
    going_on = RewriteList.going_on(tmp_path / "rewritten", tmp_path)
    cassette.write_text("restored")
    assert going_on.mode("rewrite", cassette) == "rewrite"
    cassette.unlink()
    assert going_on.mode("rewrite", cassette) == "rewrite"


def test_a_list_is_written_line_by_line_and_a_line_that_was_cut_counts_as_none(tmp_path, cassette):
    path = tmp_path / "rewritten"
    RewriteList(path, tmp_path).add(cassette)
    whole = path.read_text()
    RewriteList(path, tmp_path).add(cassette.rename(cassette.with_name("c.yaml")))
    assert path.read_text().startswith(whole)
    path.write_text(whole[:20])
    assert RewriteList.going_on(path, tmp_path).earlier == {}
    path.write_text(whole[:-7])
    assert RewriteList.going_on(path, tmp_path).mode("rewrite", cassette) == "rewrite"


def test_without_a_file_nothing_is_listed(tmp_path, cassette):
    RewriteList().add(cassette)
    assert RewriteList().mode("rewrite", cassette) == "rewrite"
    with pytest.raises(FileNotFoundError):
        RewriteList.going_on(tmp_path / "rewritten", tmp_path)


def test_a_list_goes_with_its_project_to_another_folder(tmp_path):
    cassette = Path("cassettes", "test a", "test b.yaml")
    (tmp_path / "old" / cassette).parent.mkdir(parents=True)
    (tmp_path / "old" / cassette).write_text("recorded")
    RewriteList(tmp_path / "old" / "rewritten", tmp_path / "old").add(tmp_path / "old" / cassette)
    root = (tmp_path / "old").rename(tmp_path / "new")
    going_on = RewriteList.going_on(root / "rewritten", root)
    assert list(going_on.earlier) == ["cassettes/test a/test b.yaml"]
    assert going_on.mode("rewrite", root / cassette) == "once"
