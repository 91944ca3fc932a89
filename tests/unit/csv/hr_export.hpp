#pragma once

#include "connectors/csv/connector.hpp"
#include "connectors/csv/description.hpp"
#include "sync/documents.hpp"
#include "tests/support/mapping_text.hpp"
#include "tests/support/plain_surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::csv {

/// A mapping file given as text, read as `connector: csv`.
struct described {
    explicit described(const std::string& text, const std::string& base = "/hr")
    {
        mapping = testing::mapping_from("csv", text, {"", base}, found);
        if (!mapping)
            return;
        what = read_description(*mapping, found);
        mapping->library->compile(found);
    }

    config::problems found;
    std::optional<config::mapping> mapping;
    std::optional<description> what;
};

/// The least that a mapping needs.
inline const std::string least = R"(application:
  id: !jq .ID
  applicant: {email: !jq .Email}
)";

/// A folder that an HR system exports into, and the connector that reads it.
struct hr_export {
    hr_export()
    {
        std::string made = (std::filesystem::temp_directory_path() / "testdome-sync-csv.XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(made.data()) != nullptr);
        folder = made;
    }
    ~hr_export() { std::filesystem::remove_all(folder); }
    hr_export(const hr_export&) = delete;
    hr_export& operator=(const hr_export&) = delete;

    /// Writes a file whose time of modification is so many seconds after some instant.
    void write(const std::string& name, const std::string& text, int modified = 0) const
    {
        std::ofstream(path(name), std::ios::binary) << text;
        using file_clock = std::filesystem::file_time_type::clock;
        static const auto instant = file_clock::now() - std::chrono::hours{24};
        std::filesystem::last_write_time(path(name), instant + std::chrono::seconds{modified});
    }
    std::string path(const std::string& name) const { return folder + '/' + name; }
    std::string content(const std::string& name) const
    {
        std::ifstream in(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// Makes the connector anew, as a start of the program does.
    void start(const std::string& more = {}, const std::string& language = least)
    {
        described made("files: .\n" + more + language, folder);
        BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
        library = made.mapping->library;
        connector = create_connector(std::move(*made.what), around);
    }

    sync::result<sync::poll_answer> try_poll()
    {
        if (!connector)
            start();
        sync::poll_request request{around.clock().wall(), cursor, {}};
        if (knows_them)
            request.is_known = [this](const std::string& id, const std::string& fingerprint) {
                return known.contains(id + ' ' + fingerprint);
            };
        return testing::run(around.clock(), connector->poll(std::move(request)));
    }

    /// A poll that the engine takes in.
    sync::poll_answer poll()
    {
        auto answer = try_poll();
        BOOST_REQUIRE_MESSAGE(answer, answer.error().detail);
        if (static_cast<int>(answer->applications.size()) + answer->unchanged > 0)
            cursor = answer->cursor;
        for (const auto& one : answer->applications)
            known.insert(one.id + ' ' + sync::fingerprint_of(sync::to_document(one)));
        return std::move(*answer);
    }

    static std::string ids(const sync::poll_answer& of)
    {
        std::string all;
        for (const auto& one : of.applications)
            all += (all.empty() ? "" : " ") + one.id;
        return all;
    }

    std::string folder;
    testing::plain_surroundings around;
    std::shared_ptr<config::jq_library> library;
    std::unique_ptr<sync::hr_connector> connector;
    boost::json::value cursor;
    bool knows_them = true;
    std::set<std::string> known;
};

} // namespace testdome_sync::csv
