#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of workflows on the command line."""
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from tap import Naskah, run_cases

SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = pathlib.Path(__file__).resolve().parent.parent.parent / "workflows"
NUMBER = "NaN"


def diagram(naskah, *args, **options):
    return naskah.run("workflow", "diagram", *args, office=False, **options)


def names(svg):
    return [group.get("data-id") for group in ElementTree.fromstring(svg).iter(f"{SVG}g")
            if group.get("data-id")]


def test_shipped(naskah, folder):
    """each shipped workflow is drawn, without a warning, the same each time"""
    files = sorted(SHIPPED.glob("*.bpmn"))
    assert len(files) >= 9, files
    for file in files:
        svg, said = diagram(naskah, str(file))
        assert not said and svg == diagram(naskah, str(file))[0], (file, said)
        nodes = set(re.findall(r'<bpmn:\w*(?:Task|Event|Gateway|Process|Activity) id="([^"]+)"',
                               file.read_text()))
        assert nodes <= set(names(svg)), (file, nodes - set(names(svg)))


def test_without_places(naskah, folder):
    """without diagram data, or with data that cannot be used, the program lays it out"""
    text = (SHIPPED / "surat-masuk.bpmn").read_text()
    bare = folder / "bare.bpmn"
    bare.write_text(re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.S))
    svg, said = diagram(naskah, str(bare))
    assert not said and "disposisi-pimpinan" in names(svg), said
    bad = folder / "bad.bpmn"
    bad.write_text(re.sub(r'<dc:Bounds x="[^"]*"', f'<dc:Bounds x="{NUMBER}"', text, count=1))
    svg, said = diagram(naskah, str(bad))
    assert "[flow-diagram]" in said and "bad.bpmn:" in said, said
    assert NUMBER not in svg and "disposisi-pimpinan" in names(svg)


def test_options(naskah, folder):
    """one process alone, a file to write to, JSON"""
    file = str(SHIPPED / "surat-masuk.bpmn")
    svg, _ = diagram(naskah, file, "--process", "disposisi")
    assert "teruskan" in names(svg) and "disposisi-pimpinan" not in names(svg), names(svg)
    out, _ = diagram(naskah, file, "-o", str(folder / "out.svg"))
    assert not out and "teruskan" in names((folder / "out.svg").read_text())
    result = naskah.ask("workflow", "diagram", file, office=False)
    assert result["issues"] == [] and result["size"] == len(result["svg"].encode())
    svg, _ = diagram(naskah, file, language="id_ID.UTF-8")
    assert "tugas layanan: Arsipkan" in svg


def test_refusals(naskah, folder):
    """what cannot be drawn is refused, with the status that says why"""
    other = folder / "other.xml"
    other.write_text("<letter/>")
    doctype = folder / "doctype.bpmn"
    doctype.write_text("<!DOCTYPE x><x/>")
    for status, words, args in (
            (2, ["--instance"], []),
            (2, ["--process"], [str(other), "--process", "p", "--instance", "x"]),
            (3, ["kopi.bpmn"], [str(folder / "kopi.bpmn")]),
            (1, ["letter", "definitions"], [str(other)]),
            (1, ["DOCTYPE"], [str(doctype)]),
            (3, ["'kopi'"], [str(SHIPPED / "nota-dinas.bpmn"), "--process", "kopi"])):
        naskah.refuse(status, words, "workflow", "diagram", *args, office=False)


with tempfile.TemporaryDirectory() as where:
    run_cases([test_shipped, test_without_places, test_options, test_refusals],
              Naskah(sys.argv[1], ""), pathlib.Path(where))
