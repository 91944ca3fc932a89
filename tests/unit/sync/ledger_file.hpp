#pragma once

#include "sync/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <functional>
#include <string>

#include <stdlib.h>

namespace testdome_sync::sync {

/// A ledger in a folder of its own, gone with the test.
struct ledger_file {
    ledger_file()
    {
        std::string name = (std::filesystem::temp_directory_path() / "testdome-sync-ledger.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        path = (directory / "ledger.db").string();
    }
    ~ledger_file() { std::filesystem::remove_all(directory); }

    void execute(const std::string& statement) const; ///< as a person with an SQLite shell

    std::string complaint(const std::function<void()>& work) const
    {
        try {
            work();
            return "no complaint";
        } catch (const ledger_error& error) {
            return error.what();
        }
    }

    std::filesystem::path directory;
    std::string path;
};

inline assessment planned(const std::string& application)
{
    assessment made;
    made.mapping = "engineering";
    made.application_id = application;
    made.test_id = 1001;
    made.test_name = "C++ Senior";
    made.email = "ada@example.com";
    made.created_at = made.updated_at = wall_time{std::chrono::seconds{1'700'000'000}};
    return made;
}

inline write_back note_for(const assessment& of)
{
    return {.assessment_id = of.id,
            .mapping = of.mapping,
            .event = "invited",
            .action = "note",
            .argument = "text",
            .marker = "td-1",
            .reason = ""};
}

} // namespace testdome_sync::sync
