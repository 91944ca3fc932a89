#!/usr/bin/env node
// The same job as sequential.py with Node's own https module: an agent that keeps its connections, fifty calls at once.
// (Node's built-in `fetch` is undici without a way to give it a certificate authority; Debian has no undici of its own.)
// agent.mjs URL CA-FILE SECONDS [collecting]: as sequential.py.
import https from "node:https";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const [url, caFile, seconds, mode] = process.argv.slice(2);
const collecting = mode === "collecting";
const hr = "/greenhouse/v3", testdome = "/testdome/v3";
const [jobName, stageName, testName, nextStage] = ["C++ Engineer", "Online Test", "C++ Senior", "Interview"];
const lookEvery = 1000 * seconds, atOnce = 50;
const agent = new https.Agent({ keepAlive: true, maxSockets: atOnce, ca: readFileSync(caFile) });
const tokens = {};

function call(method, path, { body, headers = {}, base } = {}) {
  return new Promise((resolve, reject) => {
    const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    if (base) headers.Authorization = "Bearer " + tokens[base];
    if (sent !== undefined) {
      headers["Content-Length"] = Buffer.byteLength(sent);
      headers["Content-Type"] ??= "application/json";
    }
    const request = https.request(url + path, { method, agent, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        if (answer.statusCode >= 300) return reject(new Error(`${method} ${path}: ${answer.statusCode}`));
        const text = Buffer.concat(parts).toString();
        resolve({ json: text ? JSON.parse(text) : null, link: answer.headers.link });
      });
    });
    request.on("error", reject);
    request.end(sent);
  });
}

const query = (pairs) => new URLSearchParams(pairs).toString();

async function pagesOfHr(path, params) {
  const rows = [];
  for (let next = `${hr}${path}?${query(params)}`; next;) {
    const { json, link } = await call("GET", next, { base: hr });
    rows.push(...json);
    const found = /<([^>]*)>; rel="next"/.exec(link ?? "");
    next = found && found[1].slice(url.length);
  }
  return rows;
}

async function pagesOfTestdome(path, params) {
  const rows = [];
  for (let more = true; more;) {
    const all = [...params, ["$top", 100], ["$skip", rows.length]];
    const { json } = await call("GET", `${testdome}${path}?${query(all)}`, { base: testdome });
    rows.push(...json.value);
    more = json.hasMoreItems;
  }
  return rows;
}

function chunks(rows, size) {
  const made = [];
  for (let i = 0; i < rows.length; i += size) made.push(rows.slice(i, i + size));
  return made;
}

async function signIn() {
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const basic = "Basic " + Buffer.from("sandbox:sandbox-secret").toString("base64");
  const atHr = await call("POST", "/greenhouse/token",
    { body: "grant_type=client_credentials", headers: { ...form, Authorization: basic } });
  tokens[hr] = atHr.json.access_token;
  const atTestdome = await call("POST", "/testdome/token",
    { body: "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret", headers: { ...form } });
  tokens[testdome] = atTestdome.json.access_token;
}

let since = new Date(0), test;
const jobs = new Map(), stages = new Map();
const invited = new Map(); // e-mail: application and person
const written = new Set();
const known = new Set();

/** Who is new and in the right stage of the right job, with the candidate's record. */
async function applicants() {
  const asked = Date.now();
  let found = (await pagesOfHr("/applications", { updated_at: "gte|" + since.toISOString(), per_page: 500 }))
    .filter((one) => !known.has(one.id) && one.job_id && one.status === "in_process" && one.stage_name === stageName);
  const unknown = [...new Set(found.map((one) => one.job_id))].filter((id) => !jobs.has(id));
  for (const ids of chunks(unknown, 50))
    for (const job of await pagesOfHr("/jobs", { ids: ids.join(), per_page: 500 })) jobs.set(job.id, job.name);
  found = found.filter((one) => jobs.get(one.job_id) === jobName);
  const people = new Map();
  const pages = await Promise.all(chunks(found.map((one) => one.candidate_id), 50)
    .map((ids) => pagesOfHr("/candidates", { ids: ids.join(), per_page: 500 })));
  for (const person of pages.flat()) people.set(person.id, person);
  since = new Date(asked - 60000);
  return found.map((one) => ({ application: one, person: people.get(one.candidate_id) }));
}

const note = async (application, body) => collecting || call("POST", hr + "/notes", {
  base: hr,
  body: { application_id: application.id, candidate_id: application.candidate_id, body, visibility: "public", note_type: "NOTE" },
});

async function invite({ application, person }) {
  known.add(application.id);
  if (!person.email_addresses.length) return;
  const email = person.email_addresses[0].value;
  const deadline = new Date(Date.now() + 7 * 86400000).toISOString();
  const { json } = await call("POST", `${testdome}/tests/${test}/candidates/invite-via-email`, {
    base: testdome,
    body: {
      emails: [email], deadline, body: `Thank you for applying as ${jobName}.`, replyTo: "recruiting@example.com",
      proctoringEnabled: false,
    },
  });
  invited.set(email, { application, person });
  if (json.failedEmails.length) return written.add(email);
  await note(application, `TestDome: invited to ${testName}, due ${deadline}.`);
}

async function write(candidate) {
  const { application, person } = invited.get(candidate.email);
  written.add(candidate.email);
  if (collecting) return;
  const report = `https://app.testdome.com/my-candidates/report/${candidate.id}`;
  await note(application, `TestDome: ${candidate.score}% in ${testName}. ${report}`);
  // A field that is left out may be emptied, so all that were read with the person are sent along.
  const fields = { ...person.custom_fields, testdome_score: candidate.score };
  await call("PATCH", `${hr}/candidates/${person.id}`,
    { base: hr, body: { custom_fields: Object.entries(fields).map(([name_key, value]) => ({ name_key, value })) } });
  if (candidate.passed)
    await call("POST", `${hr}/applications/${application.id}/move`, {
      base: hr,
      body: { from_stage_id: application.stage_id, to_stage_id: stages.get(application.job_id).get(nextStage) },
    });
}

async function learnStages() {
  for (const job of jobs.keys()) {
    if (stages.has(job)) continue;
    const rows = await pagesOfHr("/job_interview_stages", { job_ids: job });
    stages.set(job, new Map(rows.map((one) => [one.name, one.id])));
  }
}

async function inviteAll() {
  const found = await applicants();
  await learnStages();
  await Promise.all(found.map(invite));
}

async function collect() {
  if (written.size === invited.size) return;
  const finished = await pagesOfTestdome(`/tests/${test}/candidates`,
    [["$filter[status]", "completed"], ["$expand", "test"]]);
  const newest = new Map(finished.reverse().map((one) => [one.email, one])); // the list begins with the newest
  await Promise.all([...newest.values()]
    .filter((one) => invited.has(one.email) && !written.has(one.email) && !one.needsScoring).map(write));
}

await signIn();
test = (await pagesOfTestdome("/tests", [])).find((one) => one.name === testName).id;
if (collecting) {
  await inviteAll();
  console.log("invited");
  for await (const _ of createInterface({ input: process.stdin })) {
    await collect();
    console.log(written.size);
  }
} else {
  for (;;) {
    await inviteAll();
    await collect();
    await sleep(lookEvery);
  }
}
