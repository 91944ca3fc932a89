#include "tests/sandbox/example.hpp"

namespace testdome_sync::sandbox {

std::string example_settings(const std::string& url, int invitations_limit)
{
    const auto limit = std::to_string(invitations_limit);
    return R"(# Made by `testdome-sync sandbox`: nothing here costs money.
testdome:
  url: )" + url +
           R"(/testdome/v3
  token_url: )" +
           url + R"(/testdome/token
  ca_file: ca.pem
  client_id: sandbox
  client_secret: !file testdome-client-secret
  poll: {every: 1s}
ledger: sqlite:ledger.db
limits: {invitations_per_day: )" +
           limit + ", invitations_per_poll: " + limit + "}\n";
}

std::string example_mapping(const std::string& url, const std::string& hr_system)
{
    return R"(connector: greenhouse
url: )" + url +
           '/' + hr_system + R"(/v3
token_url: )" +
           url + '/' + hr_system + R"(/token
ca_file: ../ca.pem
credentials:
  client_id: sandbox
  client_secret: !file ../greenhouse-client-secret
poll: {every: 1s, start: all}
rules:                                    # first match wins; conditions are jq
  - name: backend engineers
    when: !jq .job.name == "C++ Engineer" and .stage.name == "Online Test"
    test: C++ Senior                      # TestDome test id, or its exact name
    invitation:
      deadline: 7d
      reply_to: recruiting@example.com
      message: |
        Thank you for applying as {{ .job.name }}. Please take this test before {{ .deadline }}.
    cancel_when: !jq .status == "rejected"
write_back:                               # what happens: what is written
  invited:
    - note: "TestDome: invited to {{ .test.name }}, due {{ .assessment.deadline }}."
  completed:
    - note: 'TestDome: {{ .result.score }}% in {{ .test.name }}. {{ .result.report_url }}'
    - field: {testdome_score: !jq .result.score}
    - move_stage: Interview
      when: !jq .result.passed
  did_not_take:
    - note: "TestDome: the test was not taken in time."
  refused:
    - note: "TestDome: not invited: {{ .error.reason }}."
  held:
    - note: "TestDome: waits for a person: {{ .error.reason }}."
)";
}

} // namespace testdome_sync::sandbox
