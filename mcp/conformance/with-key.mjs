// Stands between the conformance suite, which sends no headers of our own, and a server that wants a key: passes every
// request on with NEXUS_KEY, to NEXUS_URL. What names this proxy as the server is said of the server; all else stays as
// it is. Prints its port once it listens.
import http from "node:http";

const target = new URL(process.env.NEXUS_URL);
const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${process.env.NEXUS_KEY}` };
  const own = `127.0.0.1:${proxy.address().port}`;
  if (headers.host === own) headers.host = target.host;
  if (headers.origin === `http://${own}`) headers.origin = target.origin;
  const { method, url: path } = request;
  const onward = http.request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
});
proxy.listen(0, "127.0.0.1", () => console.log(proxy.address().port));
