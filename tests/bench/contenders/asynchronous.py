#!/usr/bin/env python3
"""The same job as sequential.py with asyncio and aiohttp: fifty calls at once over kept connections.
asynchronous.py URL CA-FILE SECONDS [collecting]: as sequential.py."""
import asyncio
import ssl
import sys
from datetime import datetime, timedelta, timezone

import aiohttp
from yarl import URL as Address

URL, CA, LOOK_EVERY = *sys.argv[1:3], float(sys.argv[3])
HR, TESTDOME = URL + "/greenhouse/v3", URL + "/testdome/v3"
JOB, STAGE, TEST, NEXT_STAGE = "C++ Engineer", "Online Test", "C++ Senior", "Interview"
AT_ONCE = 50
COLLECTING = sys.argv[4:] == ["collecting"]


def chunks(rows, size):
    return [rows[i:i + size] for i in range(0, len(rows), size)]


class Script:
    def __init__(self, session):
        self.session = session
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.tokens = {}
        self.since = datetime(1970, 1, 1, tzinfo=timezone.utc)
        self.jobs, self.stages = {}, {}
        self.invited = {}  # e-mail: application, candidate
        self.written = set()
        self.test = None

    async def sign_in(self):
        async with self.session.post(URL + "/greenhouse/token", data={"grant_type": "client_credentials"},
                                     auth=aiohttp.BasicAuth("sandbox", "sandbox-secret")) as answer:
            self.tokens[HR] = (await answer.json())["access_token"]
        async with self.session.post(URL + "/testdome/token", data={"grant_type": "client_credentials",
                                                                    "client_id": "sandbox",
                                                                    "client_secret": "sandbox-secret"}) as answer:
            self.tokens[TESTDOME] = (await answer.json())["access_token"]

    async def call(self, base, method, path, **more):
        """The answer's JSON, and the address of the next page where there is one."""
        address = path if isinstance(path, Address) else base + path
        async with self.gate, self.session.request(
                method, address, headers={"Authorization": "Bearer " + self.tokens[base]}, **more) as answer:
            answer.raise_for_status()
            following = answer.links.get("next")
            return await answer.json() if answer.status != 204 else None, following and following["url"]

    async def pages_of_hr(self, path, params):
        rows, following = await self.call(HR, "GET", path, params=params)
        while following:
            more, following = await self.call(HR, "GET", following)
            rows += more
        return rows

    async def pages_of_testdome(self, path, params):
        rows, more = [], True
        while more:
            page, _ = await self.call(TESTDOME, "GET", path, params=params + [("$top", "100"), ("$skip", str(len(rows)))])
            rows += page["value"]
            more = page["hasMoreItems"]
        return rows

    async def applicants(self):
        """Who is new and in the right stage of the right job, with the candidate's record."""
        asked = datetime.now(timezone.utc)
        since = self.since.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        known = {application["id"] for application, _ in self.invited.values()}
        found = [one for one in await self.pages_of_hr("/applications",
                                                       {"updated_at": "gte|" + since, "per_page": "500"})
                 if one["id"] not in known and one["job_id"] and one["status"] == "in_process"
                 and one["stage_name"] == STAGE]
        unknown_jobs = {one["job_id"] for one in found} - self.jobs.keys()
        for ids in chunks(sorted(unknown_jobs), 50):
            for job in await self.pages_of_hr("/jobs", {"ids": ",".join(map(str, ids)), "per_page": "500"}):
                self.jobs[job["id"]] = job["name"]
        found = [one for one in found if self.jobs[one["job_id"]] == JOB]
        people = {}
        pages = await asyncio.gather(*(
            self.pages_of_hr("/candidates", {"ids": ",".join(map(str, ids)), "per_page": "500"})
            for ids in chunks([one["candidate_id"] for one in found], 50)))
        for person in (one for page in pages for one in page):
            people[person["id"]] = person
        self.since = asked - timedelta(minutes=1)
        return [(one, people[one["candidate_id"]]) for one in found]

    async def note(self, application, text):
        if COLLECTING:
            return
        await self.call(HR, "POST", "/notes", json={"application_id": application["id"], "body": text,
                                                    "candidate_id": application["candidate_id"],
                                                    "visibility": "public", "note_type": "NOTE"})

    async def invite(self, application, person):
        if not person["email_addresses"]:
            return
        email = person["email_addresses"][0]["value"]
        deadline = (datetime.now(timezone.utc) + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
        answer, _ = await self.call(TESTDOME, "POST", f"/tests/{self.test}/candidates/invite-via-email", json={
            "emails": [email], "deadline": deadline, "body": f"Thank you for applying as {JOB}.",
            "replyTo": "recruiting@example.com", "proctoringEnabled": False})
        self.invited[email] = application, person
        if answer["failedEmails"]:
            self.written.add(email)
            return
        await self.note(application, f"TestDome: invited to {TEST}, due {deadline}.")

    async def write(self, candidate):
        application, person = self.invited[candidate["email"]]
        self.written.add(candidate["email"])
        if COLLECTING:
            return
        report = f"https://app.testdome.com/my-candidates/report/{candidate['id']}"
        await self.note(application, f"TestDome: {candidate['score']}% in {TEST}. {report}")
        # A field that is left out may be emptied, so all that were read with the person are sent along.
        fields = dict(person["custom_fields"], testdome_score=candidate["score"])
        await self.call(HR, "PATCH", f"/candidates/{person['id']}", json={
            "custom_fields": [{"name_key": key, "value": value} for key, value in fields.items()]})
        if candidate["passed"]:
            await self.call(HR, "POST", f"/applications/{application['id']}/move", json={
                "from_stage_id": application["stage_id"],
                "to_stage_id": self.stages[application["job_id"]][NEXT_STAGE]})

    async def learn_stages(self):
        for job in self.jobs.keys() - self.stages.keys():
            self.stages[job] = {one["name"]: one["id"]
                                for one in await self.pages_of_hr("/job_interview_stages", {"job_ids": str(job)})}

    async def begin(self):
        await self.sign_in()
        self.test = next(one["id"] for one in await self.pages_of_testdome("/tests", []) if one["name"] == TEST)

    async def invite_all(self):
        new = await self.applicants()
        await self.learn_stages()
        await asyncio.gather(*(self.invite(*one) for one in new))

    async def collect(self):
        if len(self.written) == len(self.invited):
            return
        finished = await self.pages_of_testdome(f"/tests/{self.test}/candidates",
                                                [("$filter[status]", "completed"), ("$expand", "test")])
        newest = {one["email"]: one for one in reversed(finished)}  # the list begins with the newest
        await asyncio.gather(*(self.write(one) for one in newest.values()
                               if one["email"] in self.invited and one["email"] not in self.written
                               and not one["needsScoring"]))

    async def run(self):
        await self.begin()
        while True:
            await self.invite_all()
            await self.collect()
            await asyncio.sleep(LOOK_EVERY)

    async def run_collecting(self):
        await self.begin()
        await self.invite_all()
        print("invited", flush=True)
        while await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
            await self.collect()
            print(len(self.written), flush=True)


async def main():
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=CA), limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=trusted) as session:
        script = Script(session)
        await (script.run_collecting() if COLLECTING else script.run())


asyncio.run(main())
