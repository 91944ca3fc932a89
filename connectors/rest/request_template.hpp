#pragma once

#include "config/reader.hpp"
#include "config/templates.hpp"
#include "connectors/http/message.hpp"
#include "connectors/rest/answer_rules.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::rest {

/// A request of a preset: `method`, `path` (or a whole URL), `query`, `headers`, and `body` (JSON), `form` or `text`.
struct request_template {
    std::string method = "GET";
    config::text_template path;
    std::vector<std::pair<std::string, config::json_template>> query;
    std::vector<std::pair<std::string, config::json_template>> headers;
    std::optional<config::json_template> body;
    std::vector<std::pair<std::string, config::json_template>> form;
    std::optional<config::text_template> text;
    double cost = 1;                          ///< credits that it takes
    std::optional<answer_description> answer; ///< asked before the description's own
};

/// Reads `value`; `method` is the one that is meant where none is written.
request_template read_request(const config::node& value, const std::string& what, const std::string& method,
                              config::reader& parent);

/// Name and value templates of a mapping such as `query:`.
std::vector<std::pair<std::string, config::json_template>> read_pairs(const config::node& value,
                                                                      const std::string& what, config::reader& parent);

/// The request for one document. Values in the path are percent-encoded; a query, header or form value that is null is
/// left out, a list is repeated (a header: joined with commas). `base` is the preset's `url`. The content type is not
/// set where the description says it.
config::evaluated<http::request> render(const request_template& made, const std::string& base,
                                        const config::jq_document& document);

/// Adds `name=value` to a URL, both percent-encoded.
void add_query(std::string& url, const std::string& name, const std::string& value);

/// Replaces what the URL has of that name.
void set_query(std::string& url, const std::string& name, const std::string& value);

/// A header's value; null is empty. Control characters, which could smuggle another header in, are a failure.
config::evaluated<std::string> header_text(const boost::json::value& value);

/// A scalar as it stands in a URL or form; an object or array as JSON text.
std::string plain_text(const boost::json::value& value);

} // namespace testdome_sync::rest
