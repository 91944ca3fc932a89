#!/usr/bin/env python3
"""What a script with `requests` looks like that somebody writes for a cron job: one call after another, and its memory
is gone with it. It keeps its connections, and does without the pauses that such scripts have between calls.
sequential.py URL CA-FILE SECONDS: looks once in so many seconds, until it is ended.
sequential.py URL CA-FILE SECONDS collecting: invites whom it finds, then looks for results for each line of its input, and writes none back."""
import sys
import time
from datetime import datetime, timedelta, timezone

import requests

URL, CA, LOOK_EVERY = *sys.argv[1:3], float(sys.argv[3])
HR, TESTDOME = URL + "/greenhouse/v3", URL + "/testdome/v3"
JOB, STAGE, TEST, NEXT_STAGE = "C++ Engineer", "Online Test", "C++ Senior", "Interview"
COLLECTING = sys.argv[4:] == ["collecting"]


def chunks(rows, size):
    return [rows[i:i + size] for i in range(0, len(rows), size)]


class Script:
    def __init__(self):
        self.hr, self.testdome = requests.Session(), requests.Session()
        self.hr.verify = self.testdome.verify = CA
        self.sign_in()
        self.since = datetime(1970, 1, 1, tzinfo=timezone.utc)
        self.jobs, self.stages = {}, {}
        self.invited = {}  # e-mail: application, candidate
        self.written = set()
        self.test = next(one["id"] for one in self.pages_of_testdome("/tests", []) if one["name"] == TEST)

    def sign_in(self):
        answer = self.hr.post(URL + "/greenhouse/token", data={"grant_type": "client_credentials"},
                              auth=("sandbox", "sandbox-secret"))
        answer.raise_for_status()
        self.hr.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
        answer = self.testdome.post(URL + "/testdome/token", data={"grant_type": "client_credentials",
                                                                   "client_id": "sandbox",
                                                                   "client_secret": "sandbox-secret"})
        answer.raise_for_status()
        self.testdome.headers["Authorization"] = "Bearer " + answer.json()["access_token"]

    def get(self, session, url, params):
        answer = session.get(url, params=params)
        answer.raise_for_status()
        return answer

    def send(self, session, method, url, body):
        answer = session.request(method, url, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def pages_of_hr(self, path, params):
        answer = self.get(self.hr, HR + path, params)
        yield from answer.json()
        while "next" in answer.links:
            answer = self.get(self.hr, answer.links["next"]["url"], None)
            yield from answer.json()

    def pages_of_testdome(self, path, params):
        skip, more = 0, True
        while more:
            page = self.get(self.testdome, TESTDOME + path, params + [("$top", 100), ("$skip", skip)]).json()
            yield from page["value"]
            skip += len(page["value"])
            more = page["hasMoreItems"]

    def applicants(self):
        """Who is new and in the right stage of the right job, with the candidate's record."""
        asked = datetime.now(timezone.utc)
        since = self.since.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        known = {application["id"] for application, _ in self.invited.values()}
        found = [one for one in self.pages_of_hr("/applications", {"updated_at": "gte|" + since, "per_page": 500})
                 if one["id"] not in known and one["job_id"] and one["status"] == "in_process"
                 and one["stage_name"] == STAGE]
        unknown_jobs = {one["job_id"] for one in found} - self.jobs.keys()
        for ids in chunks(sorted(unknown_jobs), 50):
            for job in self.pages_of_hr("/jobs", {"ids": ",".join(map(str, ids)), "per_page": 500}):
                self.jobs[job["id"]] = job["name"]
        found = [one for one in found if self.jobs[one["job_id"]] == JOB]
        people = {}
        for ids in chunks([one["candidate_id"] for one in found], 50):
            for person in self.pages_of_hr("/candidates", {"ids": ",".join(map(str, ids)), "per_page": 500}):
                people[person["id"]] = person
        self.since = asked - timedelta(minutes=1)
        return [(one, people[one["candidate_id"]]) for one in found]

    def note(self, application, text):
        if COLLECTING:
            return
        self.send(self.hr, "POST", HR + "/notes", {"application_id": application["id"], "body": text,
                                                   "candidate_id": application["candidate_id"],
                                                   "visibility": "public", "note_type": "NOTE"})

    def invite(self, application, person):
        if not person["email_addresses"]:
            return
        email = person["email_addresses"][0]["value"]
        deadline = (datetime.now(timezone.utc) + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
        answer = self.send(self.testdome, "POST", f"{TESTDOME}/tests/{self.test}/candidates/invite-via-email",
                           {"emails": [email], "deadline": deadline, "body": f"Thank you for applying as {JOB}.",
                            "replyTo": "recruiting@example.com", "proctoringEnabled": False})
        self.invited[email] = application, person
        if answer["failedEmails"]:
            self.written.add(email)
            return
        self.note(application, f"TestDome: invited to {TEST}, due {deadline}.")

    def stage_of(self, job):
        if job not in self.stages:
            self.stages[job] = {one["name"]: one["id"]
                                for one in self.pages_of_hr("/job_interview_stages", {"job_ids": job})}
        return self.stages[job][NEXT_STAGE]

    def write(self, candidate):
        application, person = self.invited[candidate["email"]]
        self.written.add(candidate["email"])
        if COLLECTING:
            return
        report = f"https://app.testdome.com/my-candidates/report/{candidate['id']}"
        self.note(application, f"TestDome: {candidate['score']}% in {TEST}. {report}")
        # A field that is left out may be emptied, so all that were read with the person are sent along.
        fields = dict(person["custom_fields"], testdome_score=candidate["score"])
        self.send(self.hr, "PATCH", f"{HR}/candidates/{person['id']}",
                  {"custom_fields": [{"name_key": key, "value": value} for key, value in fields.items()]})
        if candidate["passed"]:
            self.send(self.hr, "POST", f"{HR}/applications/{application['id']}/move",
                      {"from_stage_id": application["stage_id"], "to_stage_id": self.stage_of(application["job_id"])})

    def invite_all(self):
        for application, person in self.applicants():
            self.invite(application, person)

    def collect(self):
        if len(self.written) == len(self.invited):
            return
        finished = self.pages_of_testdome(f"/tests/{self.test}/candidates",
                                          [("$filter[status]", "completed"), ("$expand", "test")])
        for candidate in list(finished):
            if candidate["email"] in self.invited and candidate["email"] not in self.written \
                    and not candidate["needsScoring"]:
                self.write(candidate)

    def run(self):
        while True:
            self.invite_all()
            self.collect()
            time.sleep(LOOK_EVERY)

    def run_collecting(self):
        self.invite_all()
        print("invited", flush=True)
        for _ in sys.stdin:
            self.collect()
            print(len(self.written), flush=True)


if COLLECTING:
    Script().run_collecting()
else:
    Script().run()
