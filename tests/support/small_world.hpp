#pragma once

#include "daemon/listener/subject.hpp"
#include "sync/clock.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <stdlib.h>

namespace testdome_sync::listener {

inline bool holds(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// Time that stands still until it is set.
class still_clock final : public sync::clock {
public:
    sync::monotonic_time now() const override { return now_; }
    sync::wall_time wall() const override { return wall_; }
    boost::asio::awaitable<void> sleep_until(sync::monotonic_time) override { co_return; }

    void advance(std::chrono::milliseconds by)
    {
        now_ += by;
        wall_ += by;
    }

private:
    sync::monotonic_time now_{std::chrono::hours{1}};
    sync::wall_time wall_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + std::chrono::hours{11}};
};

/// A daemon's work with a ledger of its own, gone with the test.
struct small_world : subject {
    small_world()
    {
        std::string name = (std::filesystem::temp_directory_path() / "testdome-sync-listener.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        path = (directory / "ledger.db").string();
        open = sync::open_sqlite_ledger(path, sync::ledger_access::write);
        main.listen.kind = config::listen_kind::tcp;
        main.testdome_webhook.path = config::secret("testdome-0123456789abcdef");
        add("engineering").webhook.path = config::secret("engineering-0123456789abcdef");
        auto& signing = add("sales").webhook;
        signing.hmac_key = config::secret("key");
        signing.header = "X-Signature";
        add("closed");
    }
    ~small_world() override { std::filesystem::remove_all(directory); }
    small_world(const small_world&) = delete;
    small_world& operator=(const small_world&) = delete;

    config::mapping& add(const std::string& name)
    {
        auto& made = all.emplace_back();
        made.name = name;
        made.connector = "greenhouse";
        return made;
    }

    void remember(const sync::mapping_record& record)
    {
        sync::unit_of_work unit(*open);
        open->save(record);
        unit.commit();
    }

    const config::settings& settings() const override { return main; }
    std::vector<const config::mapping*> mappings() const override
    {
        std::vector<const config::mapping*> found;
        for (const auto& one : all)
            found.push_back(&one);
        return found;
    }
    sync::ledger& ledger() override { return *open; }
    bool is_working() const override { return working; }
    bool has_refused_files() const override { return refused_files; }
    void look_now(const std::string& mapping) override { nudged.push_back(mapping); }
    void look_at_testdome_now() override { nudged.push_back("TestDome"); }

    std::filesystem::path directory;
    std::string path;
    std::unique_ptr<sync::ledger> open;
    config::settings main;
    std::vector<config::mapping> all;
    std::vector<std::string> nudged;
    bool working = true;
    bool refused_files = false;
    still_clock clock;
};

} // namespace testdome_sync::listener
