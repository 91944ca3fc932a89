#pragma once

#include "connectors/http/client.hpp"
#include "tests/sandbox/certificates.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <stdlib.h>

namespace testdome_sync::http {

/// The only authority that the clients of these tests trust.
inline const sandbox::certificate& authority()
{
    static const auto made = sandbox::make_authority();
    return made;
}

/// A certificate that nothing is wrong with.
inline const sandbox::certificate& good()
{
    static const auto made = sandbox::issue(authority());
    return made;
}

/// A client that trusts the authority, and a loop to run it on.
struct trusting_client {
    trusting_client()
    {
        std::string name = (std::filesystem::temp_directory_path() / "testdome-sync-ca.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        options.ca_file = written("ca.pem", authority().certificate_pem);
    }
    ~trusting_client() { std::filesystem::remove_all(directory); }

    /// A file of that text, in place at once.
    std::string written(const std::string& name, const std::string& text) const
    {
        const auto path = directory + "/" + name;
        std::ofstream(path + ".new") << text;
        std::filesystem::rename(path + ".new", path);
        return path;
    }

    result<response> send(request order)
    {
        if (!sender)
            sender = create_client(context.get_executor(), options);
        std::optional<result<response>> answer;
        boost::asio::co_spawn(context, sender->send(std::move(order)),
                              [&](std::exception_ptr error, result<response> made) {
                                  BOOST_TEST(!error);
                                  answer.emplace(std::move(made));
                              });
        context.restart();
        while (!answer)
            context.run_one();
        return *answer;
    }

    static request get(std::uint16_t port, const std::string& path = "/", const std::string& host = "localhost")
    {
        request order;
        order.url = "https://" + host + ':' + std::to_string(port) + path;
        order.repeat = repetition::safe;
        order.deadline = std::chrono::seconds{5};
        return order;
    }

    boost::asio::io_context context{1};
    client_options options;
    std::string directory;
    std::unique_ptr<transport> sender;
};

/// What became of a request, in one line: to be compared, and to be read in a test's report.
inline std::string told(const result<response>& answer)
{
    return answer ? std::to_string(answer->status) + ' ' + answer->body.substr(0, 100) : answer.error().detail;
}

inline void check_words(const std::string& told, const std::vector<std::string>& words)
{
    for (const auto& word : words)
        BOOST_TEST(told.find(word) != std::string::npos, '"' << word << "\" is missing in: " << told);
}

} // namespace testdome_sync::http
