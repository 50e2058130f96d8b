"""Recordings of names in places that say it in another way than the name of a field."""

from __future__ import annotations

import base64
import json

import pytest
from scenario_testing import Connector, Project, client

pytestmark = pytest.mark.loopback

NAME = "Ottavine Brelkoss"
EMAIL = "ottavine.brelkoss@norvel.io"
NEEDLES = ("ottavine", "brelkoss", "norvel", base64.b64encode(NAME.encode()).decode().casefold())
COGNITO = [{"Name": "given_name", "Value": "Ottavine"}, {"Name": "name", "Value": NAME}]
BODIES = {
    "beside-an-address": {"ref": EMAIL, "caption": NAME},
    "beside-initials": {"ref": "obrelkoss@norvel.io", "caption": NAME},
    "pair": {"field": {"label": "Full Name"}, "value": NAME},
    "pairs": {"Users": [{"Username": "u1", "Attributes": COGNITO}]},
    "lists": {"attributes": [["email", EMAIL], ["name", NAME]]},
    "columns": {"columns": ["id", "full_name"], "rows": [[1, NAME]]},
    "saml": '<a:Attributes><a:Attribute Name="urn:oid:2.5.4.42"><a:AttributeValue t="s">Ottavine'
    "</a:AttributeValue></a:Attribute></a:Attributes>",
    "html": f"<html><table><tr><td>Full name</td><td>{NAME}</td></tr></table><p>Ottavine</p></html>",
    "ldif": f"dn: uid=x,ou=people\nsn: Brelkoss\ndisplayName:: {base64.b64encode(NAME.encode()).decode()}\n",
    "vcard": f"BEGIN:VCARD\r\nFN:{NAME}\r\nN:Brelkoss;Ottavine;;;\r\nEMAIL:{EMAIL}\r\nEND:VCARD\r\n",
    "lines": f"Name: {NAME}\nTeam: Blue\n",
}


class Page:
    """An upstream that answers with one body."""

    def __init__(self, body):
        self.body = body

    def __call__(self, _asked):
        return self.body if isinstance(self.body, dict) else (200, {"content-type": "text/plain"}, self.body)


async def read(_envelope):
    async with client() as http:
        return {"text": (await http.get("/page")).text}


def project_of(tmp_path, monkeypatch, body):
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", "a key of the test's own")
    return Project(tmp_path, Connector(read=read), Page(body), {"personal_data": True})


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_name_is_in_no_file_and_the_replay_works(tmp_path, monkeypatch, capfd, body):
    project = project_of(tmp_path, monkeypatch, body)
    seen = []

    async def during(scenario):
        answer = await scenario.lumos.call("read")
        seen.append(answer["response"])
        snapshot = project.root / "snapshots/test_x/test_x.json"
        scenario._pending.files[snapshot] = json.dumps(answer["response"])

    project.run("rewrite", None, during=during)
    snapshot = (project.root / "snapshots/test_x/test_x.json").read_text()
    shown = "".join([project.text(), snapshot, json.dumps(seen), *capfd.readouterr()]).casefold()
    assert [needle for needle in NEEDLES if needle in shown] == []
    project.run("none", None, during=during)
    assert seen[0] == seen[1]


THINGS = {
    "product": {"name": "Gold", "family": "gold-plan", "support": "help@example.com"},
    "tags": {"Tags": [{"Key": "Name", "Value": "Web Server"}]},
    "settings": {"notifications": {"email": "weekly", "phone": "off"}, "model": {"phone": "Pixel 9"}},
    "roles": {"ref": "gold.team@example.com", "caption": "Gold Team"},
}


@pytest.mark.parametrize("body", THINGS.values(), ids=THINGS.keys())
def test_data_of_nobody_stays(tmp_path, monkeypatch, body):
    seen = []

    async def once(lumos):
        seen.append((await lumos.call("read"))["response"]["text"])

    project_of(tmp_path, monkeypatch, body).record(once)
    assert json.loads(seen[0]) == body
