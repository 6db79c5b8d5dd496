"""Makes keys on a demo server, as people do: signs in, fills in the form for a token, reads the token off the page.

Prints one NAME=VALUE a line, for NEXUS_URL: NEXUS_KEY (a machine's), NEXUS_TOKEN (an admin's own, with every scope) and
NEXUS_APPROVER_TOKEN. Refuses any server that is no demo: there, nobody can be anyone.
"""

import http.cookiejar
import json
import os
import re
import urllib.parse
import urllib.request

SCOPES = ["request", "execute", "read", "export", "decide", "manage"]


def token(url, person, scopes):
    """A personal token of one of the demo's people."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    browser.addheaders = [("Origin", url), ("Referer", url + "/account"), ("Accept", "text/html")]

    def page(path, fields=None):
        form = None if fields is None else urllib.parse.urlencode(fields).encode()
        with browser.open(url + path, form, timeout=60) as response:
            return response.read().decode()

    page("/demo-sign-in", [("actor_id", person)])
    form = page("/account").split('action="/api/create_token"', 1)[1]
    newest = re.search(r'name="newest" value="([^"]*)"', form).group(1)
    fields = [("name", "test"), ("days", "1"), ("newest", newest)]
    made = page("/api/create_token", fields + [("scopes[]", scope) for scope in scopes])
    # The page names the token by its beginning, too.
    found = re.findall(r"nxc_[A-Za-z0-9_-]{30,}", made)
    if not found:
        words = re.search(r'role="alert".*?<p>(.*?)</p>', made)
        raise SystemExit("demo_keys.py: no token was made: " + (words.group(1) if words else "for no reason"))
    return max(found, key=len)


def machine_key(url, admin):
    """A machine's key, made with an admin's token."""
    wish = {"name": "robot", "scopes": ["request", "execute", "read", "export"], "days": 1}
    headers = {"Authorization": "Bearer " + admin, "Content-Type": "application/json"}
    request = urllib.request.Request(url + "/api/v1/keys", json.dumps(wish).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["key"]


if __name__ == "__main__":
    server = os.environ["NEXUS_URL"]
    admin = token(server, "alice@northwind.example", SCOPES)
    print("NEXUS_TOKEN=" + admin)
    print("NEXUS_KEY=" + machine_key(server, admin))
    print("NEXUS_APPROVER_TOKEN=" + token(server, "carla@northwind.example", ["read", "decide"]))
