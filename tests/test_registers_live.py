"""A register that is built, rebuilt or taken away while mail flows counts from the next reload."""

from __future__ import annotations

from pathlib import Path

from support.gateway import write_config
from support.unit_rows import KEY, built, units, write_csv

from gateway.config_reading import load_config
from gateway.live import LiveInspector, load_knowledge


async def test_a_reload_takes_over_what_lies_in_the_folder(tmp_path: Path) -> None:
    config = load_config(write_config(tmp_path, 1))
    live = LiveInspector(config, load_knowledge(config))
    try:
        assert live.current.knowledge.registers is None
        config.registers_key.parent.mkdir(parents=True, exist_ok=True)
        config.registers_key.write_bytes(KEY)
        config.registers_key.chmod(0o600)
        rows = write_csv(tmp_path / "rows.csv", units(30))
        file = built(config.registers_folder, rows)
        await live.reload()
        first = live.current.knowledge.registers
        assert first is not None
        await live.reload()
        assert live.current.knowledge.registers == first
        built(config.registers_folder, rows)
        await live.reload()
        assert live.current.knowledge.registers != first
        file.unlink()
        await live.reload()
        assert live.current.knowledge.registers is None
    finally:
        await live.close()
