#pragma once

#include "config/node.hpp"
#include "connectors/examples/preset_test.hpp"

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::examples {

inline std::optional<config::node> parsed(const std::string& name, const std::string& text, config::problems& found)
{
    auto file = std::make_shared<config::source>();
    file->name = name;
    file->text = text;
    return config::parse_yaml(file, found);
}

/// A preset and its examples, given as text, and what came of them.
struct played {
    played(const std::string& preset, const std::string& examples)
    {
        const auto tree = parsed("p.yaml", preset, mistakes);
        const auto file = parsed("e.yaml", examples, mistakes);
        if (tree && file)
            report = test_preset({"p.yaml", "e.yaml"}, *tree, *file, mistakes);
    }

    /// `file:line:column: message` of everything, one a line.
    std::string complaints() const
    {
        std::string all;
        const auto add = [&](const config::problems& found) {
            for (const auto& one : found.list())
                all += one.where.text() + ": " + one.message + '\n';
        };
        add(mistakes);
        if (!report)
            return all;
        for (const auto& one : report->examples)
            add(one.found);
        add(report->not_shown);
        return all;
    }

    config::problems mistakes;
    std::optional<preset_report> report;
};

/// A preset with one action of each kind; line numbers are counted in tests.
inline const std::string preset = R"(url: https://hr.example.com/v1
parameters: {key: {description: a key}}
auth: {type: header, name: X-Key, value: "{{ .credentials.key }}"}
list:
  request: {path: /apps, query: {since: !jq .since}}
  since: iso
  records: !jq .body.rows[]
  paging: {type: next_url, next: !jq .body.next}
application:
  id: !jq .id
  status: !jq .status
  applicant: {email: !jq .email}
check: {path: /me}
actions:
  note:
    already:
      request: {path: "/apps/{{ .application.id }}/notes"}
      when: !jq .marker as $m | .pages[0].notes | any(contains($m))
    request: {path: "/apps/{{ .application.id }}/notes", body: {text: "{{ .argument }} {{ .marker }}"}}
  stage:
    idempotent: true
    request: {method: PUT, path: "/apps/{{ .application.id }}/stage", body: {name: !jq .argument}}
  mail:
    request: {path: "/apps/{{ .application.id }}/mails", form: {text: !jq .argument}}
)";

/// Shows all of it.
inline const std::string whole = R"(credentials: {key: k}
every_request: {headers: {X-Key: k}}
examples:
  - name: two pages
    poll: {since: 2026-11-24T08:00:00Z}
    exchanges:
      - request: {path: /apps, query: {since: 2026-11-24T08:00:00Z}}
        answer: {body: {rows: [{id: 1, status: active, email: a@b.c}], next: "/v1/apps?page=2"}}
      - request: {path: "/apps?page=2"}
        answer: {body: {rows: [{id: 2, status: hired, email: null}], next: null}}
    applications: [{id: 1, status: active, applicant: {email: a@b.c}}, {id: 2, status: hired}]
  - name: a note
    action: note
    argument: hello
    application: {id: 1}
    exchanges:
      - request: {method: POST, path: /apps/1/notes, body: {text: hello td-0123456789ab}}
        answer: 204
    again:
      - request: {path: /apps/1/notes}
        answer: {body: {notes: [hello td-0123456789ab]}}
  - name: a stage
    action: stage
    argument: Interview
    application: {id: 1}
    exchanges: &put
      - request: {method: PUT, path: /apps/1/stage, body: {name: Interview}}
        answer: 204
    again: *put
  - name: a mail
    action: mail
    argument: a b
    application: {id: 1}
    exchanges:
      - request: {method: POST, path: /apps/1/mails, form: {text: a b}}
        answer: 201
    again: never
  - name: the check
    check:
    exchanges:
      - request: {path: /me}
        answer: {body: {}}
)";

} // namespace testdome_sync::examples
