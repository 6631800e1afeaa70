// A bounded load on one address: keep-alive connections, each asking again as soon as it is answered. Prints one line of JSON.
// Arguments: address, connections, seconds. Used where wrk is not installed; this client is slower than the server.

import http from "node:http";

const [address, connections, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const end = performance.now() + seconds * 1000;
let answers = 0;
let errors = 0;
let bytes = 0;

async function one() {
  while (performance.now() < end) {
    await new Promise((done) => {
      const request = http.get(address, { agent }, (response) => {
        response.on("data", (chunk) => (bytes += chunk.length));
        response.on("end", () => (response.statusCode === 200 ? answers++ : errors++, done(0)));
      });
      request.on("error", () => (errors++, done(0)));
    });
  }
}

await Promise.all(Array.from({ length: connections }, one));
agent.destroy();
console.log(JSON.stringify({ answers, errors, bytes }));
