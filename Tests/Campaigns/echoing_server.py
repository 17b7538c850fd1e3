"""A simulated Viber API on loopback that echoes the token of a request in one place and one form.

PLACES maps names to (endpoint, function of the echoed text and the requested ids that returns a Reply). FORMS maps names to
functions of the token. Their results are ASCII and need no escaping in a JSON string, so each form fits each place. A URL or a
header may become invalid, which the client must handle.
"""

import base64
import collections
import contextlib
import json
import socketserver
import threading

Reply = collections.namedtuple("Reply", ["line", "headers", "body"])
ACCOUNT, ONLINE = "/pa/get_account_info", "/pa/get_online"

GOOD_ACCOUNT = json.dumps({
    "status": 0, "status_message": "ok", "id": "pa:75346594275468546724", "name": "Bot", "uri": "bot",
    "webhook": "https://bot.example.com:8443/hook", "country": "UA", "location": {"lon": 30.5, "lat": 50.5},
    "members": [{"id": "01234567890A=", "name": "Owner", "role": "admin"}], "subscribers_count": 20})
# Only the start of a page is printed, so the token is at its start.
PAGE = "<html>@</html>"


def good_online(ids):
    """An answer in which all ids are online."""
    users = [{"id": one, "online_status": 0, "online_status_message": "online"} for one in ids]
    return json.dumps({"status": 0, "status_message": "ok", "users": users})


def every_second(encode, text):
    return "".join(character if at % 2 else encode(character) for at, character in enumerate(text))


def every(encode, text):
    return "".join(map(encode, text))


def json_escape(character):
    return f"\\u{ord(character):04x}"


def percent(character):
    return f"%{ord(character):02X}"


def base64_of(text):
    return base64.b64encode(text.encode()).decode()


FORMS = {
    "plain": str,
    "upper case": str.upper,
    "JSON escapes": lambda token: every(json_escape, token),
    "JSON escapes, every second": lambda token: every_second(json_escape, token),
    "percent": lambda token: every(percent, token),
    "percent, every second": lambda token: every_second(percent, token),
    "base64": base64_of,
    "base64 behind a byte": lambda token: base64_of(":" + token),
    "HTML references": lambda token: every(lambda character: f"&#{ord(character)};", token),
    "percent in JSON escapes": lambda token: every(json_escape, every(percent, token)),
    "JSON escapes in JSON escapes": lambda token: every(lambda character: "\\" + json_escape(character), token),
}


def answer(body, status="200 OK", **headers):
    return Reply("HTTP/1.1 " + status, headers, body)


def changed(old, new):
    """A place in the JSON of the account: `old` is replaced by `new`, in which @ is the echoed text."""
    assert GOOD_ACCOUNT.count(old) == 1
    return ACCOUNT, lambda text, _ids: answer(GOOD_ACCOUNT.replace(old, new.replace("@", text)))


def webhook(url):
    return changed("https://bot.example.com:8443/hook", url)


def body(endpoint, template, status="200 OK"):
    """A place in the body that `endpoint` sends instead of a good one."""
    return endpoint, lambda text, _ids: answer(template.replace("@", text), status)


def user(template):
    """A place in one user of a good answer."""
    return ONLINE, lambda text, ids: answer(good_online(ids[1:]).replace(
        '"users": [', '"users": [' + template.replace("@", text).replace("ID", ids[0]) + ", ", 1))


def header(endpoint, status, name, value):
    return endpoint, lambda text, _ids: answer("", status, **{name: value.replace("@", text)})


def line(endpoint, template):
    """A place in the status line."""
    return endpoint, lambda text, _ids: Reply(template.replace("@", text), {}, "")


REFUSAL = '{"status": %d, "status_message": "no entry for @, sorry"}'
# The @ before a host is \0 until the echoed text is inserted.
WEBHOOKS = {
    "host": "https://@.example.com/hook", "user": "https://bot:@\0bot.example.com/hook",
    "path": "https://bot.example.com/hook/@", "query": "https://bot.example.com/hook?token=@"}
LOCATIONS = {"host": "https://@.example.com/", "user": "https://@\0example.com/", "path": "https://example.com/@",
             "query": "https://example.com/?token=@"}

PLACES = {
    "account name": changed('"Bot"', '"Bot @!"'),
    "account uri": changed('"bot"', '"@"'),
    "account id": changed("pa:75346594275468546724", "pa:@"),
    "account nested string": changed('"Owner"', '"@"'),
    "account key": changed('"country"', '"@"'),
    "account nested key": changed('"role"', '"x@"'),
    "account status_message 3": body(ACCOUNT, REFUSAL % 3),
    "account status_message 999": body(ACCOUNT, REFUSAL % 999),
    "account cut": body(ACCOUNT, '{"status": 0, "id": "pa:1", "name": "@'),
    "account page 200": body(ACCOUNT, PAGE),
    "account page 500": body(ACCOUNT, PAGE, "500 Internal Server Error"),
    "account reason": line(ACCOUNT, "HTTP/1.1 403 @"),
    "account protocol": line(ACCOUNT, "@ 200 OK"),
    "account Retry-After": header(ACCOUNT, "429 Too Many Requests", "Retry-After", "@"),
    "get_online status_message 3": body(ONLINE, REFUSAL % 3),
    "get_online status_message 999": body(ONLINE, REFUSAL % 999),
    "get_online cut": body(ONLINE, '{"status": 0, "status_message": "ok", "users": [{"id": "@'),
    "get_online page 200": body(ONLINE, PAGE),
    "get_online page 500": body(ONLINE, PAGE, "500 Internal Server Error"),
    "get_online reason": line(ONLINE, "HTTP/1.1 500 @"),
    "get_online Retry-After": header(ONLINE, "503 Service Unavailable", "Retry-After", "@"),
    "online_status_message": user('{"id": "ID", "online_status": 7, "online_status_message": "@"}'),
    "online_status": user('{"id": "ID", "online_status": "@", "online_status_message": "online"}'),
    "id that was not requested": user('{"id": "@", "online_status": 0, "online_status_message": "online"}'),
}
for part, url in WEBHOOKS.items():
    PLACES[f"webhook {part}"] = PLACES[f"webhook {part} kept"] = webhook(url)
for part, url in LOCATIONS.items():
    PLACES[f"account Location {part}"] = header(ACCOUNT, "302 Found", "Location", url)
    PLACES[f"get_online Location {part}"] = header(ONLINE, "307 Temporary Redirect", "Location", url)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(ConnectionError):
            while request := self.rfile.readline():
                self.answer(request.decode("ascii").split()[1])

    def answer(self, path):
        headers = {}
        while (text := self.rfile.readline().decode("ascii").strip()):
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        content = self.rfile.read(int(headers.get("content-length", 0)))
        ids = json.loads(content)["ids"] if path == ONLINE else []
        endpoint, reply = PLACES[self.server.place]
        if path == endpoint:
            reply = reply(FORMS[self.server.form](headers["x-viber-auth-token"]), ids)
            self.server.echoes += 1
        else:
            reply = answer(GOOD_ACCOUNT if path == ACCOUNT else good_online(ids))
        head = [reply.line, "Content-Type: application/json", f"Content-Length: {len(reply.body)}"]
        head += [f"{name.replace('_', '-')}: {value}" for name, value in reply.headers.items()]
        self.wfile.write(("\r\n".join(head) + "\r\n\r\n" + reply.body).replace("\0", "@").encode("ascii"))


class Server(socketserver.ThreadingTCPServer):
    """Echoes the token in one place and one form; `echoes` counts the echoes."""

    daemon_threads, block_on_close, request_queue_size = True, False, 64

    def __init__(self, place, form):
        super().__init__(("127.0.0.1", 0), Handler)
        self.place, self.form, self.echoes = place, form, 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
