"""The five steps of a decision, by a client that knows the OpenAPI document and nothing else.

Python's standard library alone. Every operation is looked up in the document by its `operationId`, and every answer is
checked against the schema that the document promises for its status: what is not promised, or promised and not there,
ends the walk with a message. NEXUS_URL is the server, NEXUS_KEY a key that may request, execute, read and export,
NEXUS_APPROVER_TOKEN a personal token of somebody who may approve.
"""

import json
import os
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Failed(Exception):
    """What was promised and not kept."""


class Client:
    """A client of one server, with one key."""

    def __init__(self, url, key, document):
        self.url, self.key, self.document = url, key, document

    def call(self, operation_id, body=None, query=None, headers=None, **names):
        """Calls an operation; gives status, headers and the answer, which is as the document promises."""
        path, method, operation = self.operation(operation_id)
        for name, value in names.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe=""))
        if query:
            path += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(self.url + path, method=method.upper())
        request.add_header("Authorization", "Bearer " + self.key)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            response = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            text = response.read().decode()
        promised = self.resolved(operation["responses"].get(str(response.status)))
        if promised is None:
            raise Failed(f"{operation_id}: status {response.status} is not promised: {text}")
        kind = (response.headers.get("Content-Type") or "").split(";")[0]
        content = promised.get("content", {}).get(kind)
        if content is None:
            raise Failed(f"{operation_id}: {kind} is not promised for status {response.status}")
        answer = json.loads(text)
        self.check(answer, content["schema"], operation_id)
        return response.status, response.headers, answer

    def operation(self, operation_id):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                    return path, method, operation
        raise Failed(f"the document has no operation {operation_id}")

    def resolved(self, part):
        while isinstance(part, dict) and "$ref" in part:
            found = self.document
            for step in part["$ref"].lstrip("#/").split("/"):
                found = found[step]
            part = found
        return part

    def check(self, value, schema, where):
        """As much of JSON Schema as the document uses."""
        schema = self.resolved(schema)
        if schema is True or not schema:
            return
        for word in ("oneOf", "anyOf"):
            if word in schema and not any(self.fits(value, choice, where) for choice in schema[word]):
                raise Failed(f"{where}: {value!r} is none of {schema[word]}")
        for part in schema.get("allOf", []):
            self.check(value, part, where)
        if "enum" in schema and value not in schema["enum"]:
            raise Failed(f"{where}: {value!r} is none of {schema['enum']}")
        kinds = schema.get("type")
        if kinds is not None:
            kinds = [kinds] if isinstance(kinds, str) else kinds
            if not any(self.is_a(value, kind) for kind in kinds):
                raise Failed(f"{where}: {value!r} is no {' or '.join(kinds)}")
        if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
            raise Failed(f"{where}: {value!r} is not like {schema['pattern']}")
        if isinstance(value, list):
            for number, item in enumerate(value):
                self.check(item, schema.get("items", True), f"{where}[{number}]")
        if isinstance(value, dict):
            for name in schema.get("required", []):
                if name not in value:
                    raise Failed(f"{where}: `{name}` is promised and not there")
            members = schema.get("properties", {})
            for name, member in value.items():
                if name in members:
                    self.check(member, members[name], f"{where}.{name}")
                elif members and "allOf" not in schema and schema.get("additionalProperties") is False:
                    raise Failed(f"{where}: `{name}` is there and not promised")

    def fits(self, value, schema, where):
        try:
            self.check(value, schema, where)
            return True
        except Failed:
            return False

    @staticmethod
    def is_a(value, kind):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return {
            "null": value is None,
            "boolean": isinstance(value, bool),
            "integer": number and value == int(value),
            "number": number,
            "string": isinstance(value, str),
            "array": isinstance(value, list),
            "object": isinstance(value, dict),
        }[kind]


def expect(found, expected, what):
    if found != expected:
        raise Failed(f"{what}: {found!r} instead of {expected!r}")


def walk(robot, approver):
    # 1. Request: allowed by a policy, repeatable, and refused with words where it makes no sense.
    wish = {"goal": "Rotate the signing key", "plan": "rotate-key --database staging", "policy": {"min_approvals": 1}}
    once = {"Idempotency-Key": str(uuid.uuid4())}
    status, headers, made = robot.call("requestDecision", wish, headers=once)
    expect(status, 201, "requesting")
    decision = made["decision_id"]
    expect(headers["Location"], f"/api/v1/decisions/{decision}", "Location")
    status, headers, again = robot.call("requestDecision", wish, headers=once)
    expect((status, headers["Idempotency-Replayed"], again), (201, "true", made), "requesting again")
    status, _, problem = robot.call("requestDecision", dict(wish, gaol="typo"))
    expect((status, problem["code"], problem["field"]), (422, "INVALID_INPUT", "gaol"), "a misspelt member")
    # 2. See: that it waits, and why it cannot run.
    _, _, page = robot.call("listDecisions", query={"state": "pending_approval", "limit": 200})
    if decision not in [row["decision_id"] for row in page["decisions"]]:
        raise Failed("the decision is not in the list")
    status, _, problem = robot.call("execute", {"adapter_id": "simulate"}, id=decision)
    expect((status, problem["code"]), (409, "BLOCKED"), "executing too early")
    expect([reason["code"] for reason in problem["blocking_reasons"]], ["MISSING_APPROVALS"], "blocking reasons")
    # 3. Approve: a machine cannot; a person's token can, and whoever waits hears of it at once.
    status, _, problem = robot.call("approve", {}, id=decision)
    expect((status, problem["code"]), (403, "KEY_FORBIDDEN"), "a machine's approval")
    waited = []

    def wait():
        began = time.monotonic()
        _, _, answer = robot.call("waitForDecision", query={"for": "approved", "timeout": 30}, id=decision)
        waited.append((answer["waited"], time.monotonic() - began < 10))

    waiting = threading.Thread(target=wait)
    waiting.start()
    _, _, seen = approver.call("getDecision", id=decision)
    words = {"expected_version": seen["version"], "comment": "read and understood"}
    _, _, seen = approver.call("approve", words, id=decision)
    expect(seen["lifecycle"]["state"], "approved", "after the approval")
    waiting.join()
    expect(waited, [("met", True)], "waiting")
    status, _, problem = approver.call("approve", words, id=decision)
    expect(status, 409, "approving once more")
    # 4. Execute: exactly once.
    _, _, ran = robot.call("execute", {"adapter_id": "simulate"}, id=decision)
    expect((ran["lifecycle"]["state"], ran["run"]["status"]), ("completed", "completed"), "after the run")
    _, _, run = robot.call("getRun", run_id=ran["run"]["run_id"])
    expect((run["decision_id"], run["record"] is not None), (decision, True), "the run")
    _, _, told = robot.call("listEvents", id=decision)
    kinds = [event["type"] for event in told["events"]]
    expect(kinds[:3], ["DECISION_CREATED", "POLICY_ATTACHED", "APPROVAL_GRANTED"], "the log")
    expect(kinds[-1], "EXECUTION_COMPLETED", "the log's end")
    # 5. Prove: the audit package verifies, and stops verifying when a letter of it changes.
    _, _, package = robot.call("exportPackage", query={"mode": "embedded"}, id=decision)
    _, _, verified = robot.call("verify", package)
    expect((verified["ok"], verified["kind"]), (True, "package"), "verifying")
    forged = json.loads(json.dumps(package).replace("read and understood", "read and understooD"))
    _, _, verified = robot.call("verify", forged)
    expect(verified["ok"], False, "verifying a forgery")


def main():
    url = os.environ["NEXUS_URL"]
    with urllib.request.urlopen(url + "/api/v1/openapi.json", timeout=30) as response:
        document = json.load(response)
    robot = Client(url, os.environ["NEXUS_KEY"], document)
    approver = Client(url, os.environ["NEXUS_APPROVER_TOKEN"], document)
    try:
        walk(robot, approver)
    except Failed as failed:
        sys.exit(f"client.py: {failed}")
    print("client.py: the five steps are as the document promises")


if __name__ == "__main__":
    main()
