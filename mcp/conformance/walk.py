"""The five steps over MCP, by the official Python client: over HTTP and through `nexus-control mcp`, in both protocols.

NEXUS_URL is a server, NEXUS_KEY a machine's key that may request, execute, read and export, NEXUS_APPROVER_TOKEN a
personal token of somebody who may approve, NEXUS_TOKEN one of an admin, NEXUS_BIN the program. Prints a line for each
way it went; stops with a message where something is not as it should be.
"""

import asyncio
import os

from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import ElicitResult

URL = os.environ["NEXUS_URL"]
ERAS = ["legacy", "2026-07-28"]
SHOWN = []


def over_http(key):
    http = create_mcp_http_client(headers={"Authorization": "Bearer " + key})
    return streamable_http_client(URL + "/api/mcp", http_client=http)


def over_stdio(key):
    environment = {"NEXUS_URL": URL, "NEXUS_KEY": key, "HOME": os.environ.get("HOME", "/")}
    return StdioServerParameters(command=os.environ["NEXUS_BIN"], args=["mcp"], env=environment)


async def say_yes(_context, params):
    """The person in front of the client: reads, and says yes."""
    SHOWN.append(params.message)
    return ElicitResult(action="accept", content={"confirm": True})


async def call(client, tool, refused=None, **arguments):
    """Calls a tool; gives its structured answer. `refused` is the code that it has to be refused with."""
    result = await client.call_tool("nexus-control." + tool, arguments)
    text = "\n".join(block.text for block in result.content)
    value = result.structured_content
    if refused:
        assert result.is_error and value["code"] == refused, text
        assert refused in text, text
    else:
        assert not result.is_error, text
    return value


async def visit(admin, request, name):
    """The other tools: the client checks each answer against the schema that the tool promises."""
    status = await call(admin, "status", request_id=request)
    assert status["state"] == "completed" and status["run"]["adapter_id"] == "simulate", status
    seen = await call(admin, "inspect", request_id=request)
    assert seen["approvals"][0]["comment"] == "walked", seen["approvals"]
    page = await call(admin, "list_requests", limit=1)
    assert len(page["requests"]) == 1 and page["next"], page
    made = await call(admin, "template.create", name=name, min_approvals=2, labels=["walk"])
    assert made == await call(admin, "template.get", name=name)
    assert made in (await call(admin, "template.list", label="walk"))["templates"]
    bundle = await call(admin, "export_bundle", request_id=request)
    imported = await call(
        admin, "import_bundle", bundle_json=bundle["canonical_json"], conflict_mode="new_decision_id"
    )
    assert imported["original_id"] == request != imported["request_id"], imported
    await call(admin, "revoke_approval", refused="NOT_OPEN", request_id=request)
    await call(admin, "template.get", refused="NOT_FOUND", name="no such template")


async def walk(way, era):
    machine, token = os.environ["NEXUS_KEY"], os.environ["NEXUS_APPROVER_TOKEN"]
    SHOWN.clear()
    async with Client(way(machine), mode=era) as agent:
        tools = (await agent.list_tools()).tools
        assert len(tools) == 15, [tool.name for tool in tools]
        goal = f"Walk the five steps ({way.__name__}, {era})"
        asked = await call(agent, "request", goal=goal, plan="walk", min_approvals=1)
        request = asked["request_id"]
        await call(agent, "execute", refused="BLOCKED", request_id=request, adapter_id="simulate")
        await call(agent, "approve", refused="KEY_FORBIDDEN", request_id=request)
        async with Client(way(token), mode=era) as unasked:
            await call(unasked, "approve", refused="CONFIRMATION_NEEDED", request_id=request)
        async with Client(way(token), mode=era, elicitation_callback=say_yes) as person:
            await call(person, "approve", request_id=request, comment="walked")
        assert len(SHOWN) == 1 and goal in SHOWN[0] and "dry_run" in SHOWN[0], SHOWN
        waited = await call(agent, "wait", request_id=request, timeout_seconds=20)
        assert waited["waited"] == "met" and waited["state"] == "approved", waited
        ran = await call(agent, "execute", request_id=request, adapter_id="simulate")
        assert ran["lifecycle"]["state"] == "completed", ran["lifecycle"]
        package = await call(agent, "export_audit_package", request_id=request, mode="embedded")
        verified = await call(agent, "verify", document=package["canonical_json"])
        assert verified["ok"], verified
    async with Client(way(os.environ["NEXUS_TOKEN"]), mode=era) as admin:
        await admin.list_tools()
        await visit(admin, request, f"{way.__name__}-{era}")
    print(f"walked the five steps: {way.__name__}, {era}")


async def main():
    for way in (over_http, over_stdio):
        for era in ERAS:
            await walk(way, era)


asyncio.run(main())
