#include "connectors/catalog/starting_mapping.hpp"

#include <algorithm>

namespace testdome_sync::catalog {
namespace {

std::string commented(const std::string& text, const std::string& indent)
{
    return text.empty() ? std::string{} : indent + "# " + text + '\n';
}

std::string credential_name(const fact_sheet& sheet, const std::string& parameter)
{
    auto name = sheet.name + '-' + parameter;
    std::ranges::replace(name, '_', '-');
    return name;
}

std::string credentials(const fact_sheet& sheet)
{
    if (sheet.parameters.empty())
        return {};
    const bool all_optional =
        std::ranges::none_of(sheet.parameters, [](const parameter_facts& one) { return one.required; });
    std::string text =
        all_optional ? "# credentials:\n" : "credentials: # each !credential is one LoadCredential= of the service\n";
    for (const auto& one : sheet.parameters) {
        const std::string optional = one.required ? "" : one.description.empty() ? "optional" : " (optional)";
        text += commented(one.description + optional, "  ");
        const auto value = !one.example.empty() ? one.example
                           : one.secret         ? "!credential " + credential_name(sheet, one.name)
                                                : "your-" + one.name;
        text += (one.required ? "  " : "  # ") + one.name + ": " + value + '\n';
    }
    return text;
}

std::string rules(const fact_sheet& sheet)
{
    const std::string stage = sheet.has_stages ? " and .stage.name == \"Online Test\"" : "";
    return R"(
rules: # the first that matches counts; who matches none is skipped. Conditions are jq
  - name: engineers
    when: !jq .job.name == "C++ Engineer")" +
           stage + R"(
    test: C++ Senior # TestDome test id, or its exact name
    invitation:
      deadline: 7d
      reply_to: recruiting@example.com
      message: |
        Hello {{ .applicant.first_name }}, thank you for applying as {{ .job.name }}. Please take this test before {{ .deadline }}.
    cancel_when: !jq .status == "rejected" # the invitation is withdrawn while the test is not started
)";
}

/// How a usual action's value is written, for a test that is completed.
std::string value_of(const action_facts& action)
{
    if (!action.example.empty())
        return action.example;
    if (action.name == "note")
        return R"('TestDome: {{ .result.score }}% in {{ .test.name }}. {{ .result.report_url }}')";
    if (action.name == "field")
        return "{testdome_score: !jq .result.score}";
    if (action.name == "tag")
        return "TestDome passed";
    if (action.name == "move_stage")
        return "Interview";
    return action.name == "reject" ? "Failed the test" : "…";
}

/// What fits only some results has its condition; what can't be taken back is left to the reader.
std::string completed(const fact_sheet& sheet)
{
    std::string text;
    for (const auto& action : sheet.actions) {
        const bool usual = action.name == "note" || action.name == "field";
        const bool for_passed = action.name == "tag" || action.name == "move_stage";
        const std::string begin = usual || for_passed ? "    " : "    # ";
        text += commented(action.description, "    ");
        text += begin + "- " + action.name + ": " + value_of(action) + '\n';
        if (for_passed)
            text += "      when: !jq .result.passed\n";
        if (action.name == "reject")
            text += begin + "  when: !jq .result.passed | not\n";
    }
    return text;
}

std::string write_back(const fact_sheet& sheet)
{
    if (sheet.actions.empty())
        return "\n# write_back: this HR system has nothing that could be written; results are in `testdome-sync "
               "list`\n";
    const auto events_of = completed(sheet);
    const bool any = events_of.find("\n    - ") != std::string::npos || events_of.starts_with("    - ");
    std::string text = "\nwrite_back: # what happens: what is written\n";
    const bool notes = sheet.find_action("note") != nullptr;
    if (notes)
        text += "  invited:\n    - note: \"TestDome: invited to {{ .test.name }}, due {{ .assessment.deadline }}.\"\n";
    text += (any ? "  completed:\n" : "  completed: []\n") + events_of;
    if (notes)
        text += "  did_not_take:\n    - note: \"TestDome: the test was not taken in time.\"\n"
                "  refused:\n    - note: \"TestDome: not invited: {{ .error.reason }}.\"\n"
                "  held:\n    - note: \"TestDome: waits for a person: {{ .error.reason }}.\"\n";
    return text;
}

} // namespace

std::string starting_mapping(const fact_sheet& sheet)
{
    if (!sheet.example.empty())
        return sheet.example;
    std::string text = "# " + (sheet.summary.empty() ? sheet.name : sheet.summary) + '\n';
    text += "# Save as /etc/testdome-sync/mappings.d/" + sheet.name +
            ".yaml, then: testdome-sync check, check --online, plan\n"
            "# testdome-sync connectors " +
            sheet.name + " tells what to grant, and what is good to know.\n";
    text += "connector: " + sheet.name + '\n';
    if (sheet.is_database)
        text +=
            "database: {host: 127.0.0.1, port: 3306, name: hr} # where the database is; or socket: instead of host\n";
    else if (sheet.url.empty())
        text += "url: https://your-company.example.com # where the HR system's API is\n";
    text += credentials(sheet);
    text += "poll: {every: 2m, start: now} # start: now (who applied before is not invited) | all | a date\n";
    for (const auto& one : sheet.unverified)
        text += "# unverified: " + one.fact + "; if it is wrong, write " + one.key + " here\n";
    return text + rules(sheet) + write_back(sheet);
}

} // namespace testdome_sync::catalog
