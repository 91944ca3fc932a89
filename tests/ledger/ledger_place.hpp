#pragma once

#include "sync/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>

namespace testdome_sync::testing {

/// An empty place for a ledger of the kind that this run of the tests is about, gone with the test.
class ledger_place {
public:
    ledger_place();
    ~ledger_place();
    ledger_place(const ledger_place&) = delete;
    ledger_place& operator=(const ledger_place&) = delete;

    std::unique_ptr<sync::ledger> open(sync::ledger_access access = sync::ledger_access::write) const
    {
        return sync::open_ledger(settings, access);
    }
    void execute(const std::string& statement) const; ///< as a person with a shell
    /// As if whoever holds a shared ledger had not been heard of for long. Nothing for a file.
    void let_lease_end() const;
    bool is_shared() const { return !settings.is_file(); }
    const std::string& name() const { return name_; } ///< of the folder, or of the schema

    std::string complaint(const std::function<void()>& work) const
    {
        try {
            work();
            return "no complaint";
        } catch (const sync::ledger_error& error) {
            return error.what();
        }
    }

    config::ledger_settings settings;

private:
    std::string name_;
};

} // namespace testdome_sync::testing
