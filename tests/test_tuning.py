"""Tuning the encoder goes on where it was ended, and leaves what it does not tune as it is."""

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="the group `training` is not installed")

from bench.practice import tune  # noqa: E402
from bench.practice.tuning import onnx_file, training  # noqa: E402
from bench.practice.tuning.lessons import Lesson  # noqa: E402
from rplay.agents import meaning  # noqa: E402

TAUGHT = [Lesson("sign it blank", "blank-forms"), Lesson("what do you do", "none")]


class Tuning:
    """In place of the hour that learning takes: begun each time, ended before its end the second."""

    def __init__(self) -> None:
        self.begun = 0

    def __call__(self, encoder: Any, taught: Any, labels: Any, *rest: object) -> Any:
        self.begun += 1
        if self.begun == 2:
            raise KeyboardInterrupt
        return training.Tuned(encoder, labels)


def test_towers_that_are_tuned_are_kept_and_the_others_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tasks = {name: tune.Task(lambda: TAUGHT, 1, at) for at, name in enumerate(("rules", "rules2", "rules3"))}
    monkeypatch.setattr(tune, "_TASKS", {"rules": tasks, "entries": {"entries": tune.Task(list, 1, 0)}})
    monkeypatch.setattr(training, "tuned", tuning := Tuning())
    made = tmp_path / "encoder.onnx"
    monkeypatch.setattr("sys.argv", ["tune", "rules", "--out", str(made), "--kept", str(tmp_path)])
    with pytest.raises(KeyboardInterrupt):
        tune.main()
    tune.main()
    assert tuning.begun == 4
    before, after = (onnx_file.towers(path) for path in (meaning.MODEL, made))
    assert [after[name].labels for name in tasks] == [["blank-forms", "none"]] * 3
    assert torch.equal(after["entries"].head.weight, before["entries"].head.weight)


def test_the_shipped_model_is_written_from_its_towers_bit_by_bit(tmp_path: Path) -> None:
    from bench.practice.tuning import network

    onnx_file.write(tmp_path / "again.onnx", network.pretrained(), onnx_file.towers(meaning.MODEL), tune.LONGEST)
    assert (tmp_path / "again.onnx").read_bytes() == meaning.MODEL.read_bytes()
