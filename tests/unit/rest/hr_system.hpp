#pragma once

#include "connectors/rest/connector.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"
#include "tests/unit/rest/described.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// A connector of a description that stands in the test, and a network that answers as the test says.
struct hr_system {
    using reply = http::result<http::response>;

    hr_system()
    {
        network.on_request([this](const http::request& order) { return answer_to(order); });
    }

    /// The program starts with this mapping file.
    void start(const std::string& text, const connector_access& access = {})
    {
        described made(text);
        BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
        library = made.mapping->library;
        connector = create_connector(std::move(*made.what), network, clock, random, events, access);
    }

    /// A request `METHOD path` (without its query) gets these answers one after the other, and the last one for ever.
    void on(const std::string& request, std::vector<http::response> these) { answers[request] = std::move(these); }
    void on(const std::string& request, const std::string& body) { on(request, {testing::json_answer(200, body)}); }

    reply answer_to(const http::request& order)
    {
        const auto path_at = order.url.find('/', 8);
        const auto path = order.url.substr(path_at, order.url.find('?') - path_at);
        auto known = answers.find(order.method + ' ' + path);
        if (known == answers.end())
            return testing::json_answer(404, R"({"message":"nothing here"})");
        auto answer = known->second.front();
        if (known->second.size() > 1)
            known->second.erase(known->second.begin());
        return answer;
    }

    sync::result<sync::poll_answer> poll(boost::json::value cursor = nullptr)
    {
        return testing::run(clock, connector->poll({clock.wall() - since_before, std::move(cursor), {}}));
    }

    /// The ids of all applications, or the failure.
    std::string ids(boost::json::value cursor = nullptr)
    {
        auto read = poll(std::move(cursor));
        if (!read)
            return "failure: " + read.error().detail;
        left = read->cursor;
        std::string all;
        for (const auto& one : read->applications)
            all += (all.empty() ? "" : " ") + one.id;
        return all;
    }

    sync::result<sync::write_outcome> write(const std::string& action, boost::json::value argument,
                                            bool ask_first = false)
    {
        sync::write_order order;
        order.action = action;
        order.argument = std::move(argument);
        order.ask_first = ask_first;
        order.document =
            boost::json::parse(
                R"({"application":{"id":"2"},"applicant":{"id":"1"},"job":{"id":"9"},"raw":{"tags":["old"]},"marker":"td-0123"})")
                .as_object();
        return testing::run(clock, connector->write(std::move(order)));
    }

    /// What became of a write, in one word, and a failure's text.
    std::string outcome(const std::string& action, boost::json::value argument = "x")
    {
        const auto done = write(action, std::move(argument));
        if (!done) {
            detail = done.error().detail;
            return done.error().code.message();
        }
        return *done == sync::write_outcome::done ? "done" : "already_done";
    }

    /// `METHOD path?query body` of each request since the last call.
    std::vector<std::string> sent()
    {
        std::vector<std::string> all;
        for (const auto& one : std::exchange(network.sent, {}))
            all.push_back(one.method + ' ' + one.url.substr(one.url.find('/', 8)) +
                          (one.body.empty() ? "" : ' ' + one.body));
        return all;
    }

    testing::virtual_clock clock; // it begins at 2026-11-24 08:00
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
    std::map<std::string, std::vector<http::response>> answers;
    std::shared_ptr<config::jq_library> library;
    std::unique_ptr<sync::hr_connector> connector;
    std::chrono::seconds since_before{3600};
    boost::json::value left; ///< the cursor of the last poll
    std::string detail;      ///< of the last failed write
};

inline std::string word(sync::errc code)
{
    return sync::make_error_code(code).message();
}

/// A list at /apps, with further keys of it, and an application that is just an id.
inline std::string listing(const std::string& keys, const std::string& more = {})
{
    return "url: https://hr.example.com\nlist:\n  request: {path: /apps}\n  records: !jq .body.rows[]\n" + keys +
           "application: {id: !jq .id}\n" + more;
}

inline http::response with_header(http::response answer, const std::string& name, const std::string& value)
{
    answer.headers.set(name, value);
    return answer;
}

} // namespace testdome_sync::rest
