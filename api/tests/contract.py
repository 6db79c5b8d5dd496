"""Asks a real demo server whether it keeps what its OpenAPI document promises.

First `client.py` walks the five steps. Then schemathesis calls every operation with what the document allows and what it
does not, knows ids of real things, and reads every answer against the document. It really makes, approves and runs: the
server and its database are for this alone. NEXUS_URL is the server, `demo_keys.py` has made the keys, SCHEMATHESIS is
the program.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import client

# Of these, no schema can say all that they take: evidence has to hold together, a cursor has to be one that was given
# out, an expiry has to lie ahead, and what fits a policy, a template, a key or a run depends on what is there.
SENSE_BEYOND_THE_SCHEMA = [
    "approve", "createKey", "createTemplate", "execute", "exportPackage", "importBundle", "listDecisions", "listTemplates",
    "requestDecision", "revokeKey", "verify",
]
# Streams go on; the tests of this crate listen to them.
STREAMS = ["listenToDecision", "listenToEvents"]
# Asked afterwards, of runs that go on: whoever executes a decision whose run goes on waits until that has ended.
OF_RUNS = ["cancelRun", "getRun", "reportProgress", "reportResult"]
# Asked by themselves, of Ines and of keys made for that: together with the lists, what follows from those would keep out
# the very people whose tokens are in use here, or revoke these.
OF_MEMBERS_AND_KEYS = ["restoreMember", "revokeKey", "setRoles", "suspendMember"]
INES = "prs_northwind_ines"


def main():
    url = os.environ["NEXUS_URL"]
    with urllib.request.urlopen(url + "/api/v1/openapi.json", timeout=30) as response:
        document = json.load(response)
    admin = client.Client(url, os.environ["NEXUS_TOKEN"], document)
    robot = client.Client(url, os.environ["NEXUS_KEY"], document)
    approver = client.Client(url, os.environ["NEXUS_APPROVER_TOKEN"], document)
    try:
        client.walk(robot, approver)
        print("contract.py: the five steps are as the document promises", flush=True)
        known = things(admin, robot)
        ask(url, settings(known), "--exclude-operation-id", STREAMS + OF_RUNS + OF_MEMBERS_AND_KEYS)
        ask(url, settings(known), "--include-operation-id", OF_MEMBERS_AND_KEYS)
        runs = [begun(admin, robot, approver) for _ in range(10)]
        known["decisions"] = [run["decision_id"] for run in runs]
        known["runs"] += [run["run_id"] for run in runs]
        ask(url, settings(known), "--include-operation-id", OF_RUNS)
    except client.Failed as failed:
        sys.exit(f"contract.py: {failed}")


def ask(url, config, choice, operations):
    """Has schemathesis ask; ends with it where it finds something."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "schemathesis.toml")
        file.write_text(config)
        command = [os.environ["SCHEMATHESIS"], "--config-file", str(file), "run", url + "/api/v1/openapi.json"]
        command += ["--checks", "all", "--max-examples", os.environ.get("EXAMPLES", "25"), "--workers", "2"]
        command += ["--request-timeout", "30", "--seed", os.environ.get("SEED", "1"), "--no-color"]
        for name in operations:
            command += [choice, name]
        found = subprocess.run(command, cwd=folder).returncode
    if found != 0:
        sys.exit(found)


def things(admin, robot):
    """Ids of what is there: of decisions in every state, runs, templates, adapters, and keys to be revoked."""
    ids = lambda rows, name: [row[name] for row in rows]
    decisions = admin.call("listDecisions", query={"limit": 40})[2]["decisions"]
    for _ in range(20):
        wish = {"goal": "to be decided", "policy": {"min_approvals": 1}}
        decisions.append(robot.call("requestDecision", wish)[2])
    decisions = ids(decisions, "decision_id")
    seen = [admin.call("getDecision", id=one)[2] for one in decisions]
    scope = {"scopes": ["read"], "days": 1}
    keys = [admin.call("createKey", dict(scope, name=f"doomed {n}"))[2]["key_id"] for n in range(10)]
    return {
        "decisions": decisions,
        "runs": [one["run"]["run_id"] for one in seen if one["run"]],
        "templates": ids(admin.call("listTemplates")[2]["templates"], "name"),
        "adapters": ids(admin.call("listAdapters")[2]["adapters"], "adapter_id"),
        "keys": keys,
        "people": [INES],
    }


def begun(admin, robot, approver):
    """A run that goes on: the admin carries it out."""
    plan = '{"command":["true"],"working_dir":"/"}'
    wish = {"goal": "to go on", "plan": plan, "mode": "apply", "policy": {"min_approvals": 1}}
    decision = robot.call("requestDecision", wish)[2]["decision_id"]
    status, _, approved = approver.call("approve", {}, id=decision)
    client.expect(status, 200, f"approving, which was answered with {approved},")
    status, _, run = admin.call("beginRun", {"plan": plan}, id=decision)
    client.expect(status, 201, f"beginning a run, which was answered with {run},")
    return run


def settings(known):
    lines = [
        'headers = { Authorization = "Bearer ${NEXUS_TOKEN}" }',
        # A browser's cookie comes with what browsers say of where a request is from; without that it is refused.
        "generation.with-security-parameters = false",
        'parameters."path.id" = { dictionary = "decisions", probability = 0.8 }',
        'parameters."path.run_id" = { dictionary = "runs", probability = 0.8 }',
        'parameters."path.name" = { dictionary = "templates", probability = 0.8 }',
        'parameters."path.key_id" = { dictionary = "keys", probability = 1.0 }',
        'parameters."path.person_id" = { dictionary = "people", probability = 1.0 }',
        'parameters."body.adapter_id" = { dictionary = "adapters", probability = 0.8 }',
    ]
    for name, values in known.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
    lines += ["[[operations]]", 'include-operation-id = "waitForDecision"', "parameters = { timeout = 0 }"]
    accepted = '["2xx", 401, 403, 404, 409, 422, 429]'
    for name in SENSE_BEYOND_THE_SCHEMA:
        lines += ["[[operations]]", f'include-operation-id = "{name}"']
        lines += [f"checks.positive_data_acceptance.expected-statuses = {accepted}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
