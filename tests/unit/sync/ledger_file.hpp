#pragma once

#include "sync/ledger.hpp"
#include "tests/support/small_ledger.hpp"

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

} // namespace testdome_sync::sync
