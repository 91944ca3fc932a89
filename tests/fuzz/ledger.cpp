#include "sync/ledger.hpp"
#include "tests/fuzz/promises.hpp"

#include <sqlite3.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include <unistd.h>

// The input is what happens to a good ledger while nobody looks: each line is `OFFSET BYTES`, bytes in hexadecimal that
// are written over the file, or an SQL statement that begins with UPDATE. Afterwards the ledger can be read, or says
// what is wrong with a ledger_error; nothing else.

namespace {

using namespace testdome_sync;
namespace fs = std::filesystem;

const sync::wall_time then{std::chrono::seconds{1'700'000'000}};

/// A folder in memory, where that is to be had: each run writes a file.
struct workplace {
    workplace()
    {
        std::error_code error;
        const fs::path memory = "/dev/shm";
        path = (fs::is_directory(memory, error) ? memory : fs::temp_directory_path()) /
               ("testdome-sync-fuzz-ledger." + std::to_string(::getpid()));
        fs::create_directories(path);
    }
    ~workplace()
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    workplace(const workplace&) = delete;
    workplace& operator=(const workplace&) = delete;
    fs::path path;
};

const fs::path& place()
{
    static const workplace here;
    return here.path;
}

void fill(sync::ledger& into)
{
    sync::unit_of_work work(into);
    sync::mapping_record mapping;
    mapping.name = "engineering";
    mapping.started_at = then;
    mapping.cursor = {{"after", "x"}};
    into.save(mapping);
    sync::stored_application application;
    application.mapping = "engineering";
    application.id = "1012";
    application.document = {{"application", {{"id", "1012"}}}, {"applicant", {{"email", "ada@example.com"}}}};
    application.decision = {{{"rule", "all"}, {"answer", true}}};
    application.first_seen = application.last_seen = then;
    into.save(application);
    sync::assessment assessment;
    assessment.mapping = "engineering";
    assessment.application_id = "1012";
    assessment.test_id = 1001;
    assessment.email = "ada@example.com";
    assessment.created_at = assessment.updated_at = then;
    into.save(assessment, "rule");
    sync::write_back note;
    note.assessment_id = assessment.id;
    note.mapping = "engineering";
    note.event = "invited";
    note.action = "note";
    note.argument = "hello";
    note.next_attempt_at = note.updated_at = then;
    into.add(note);
    into.save_fact("testdome", {{"well", true}});
    work.commit();
}

const std::string& good_ledger()
{
    static const std::string bytes = [] {
        const auto path = (place() / "good.db").string();
        fill(*sync::open_sqlite_ledger(path, sync::ledger_access::write));
        std::ifstream in(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }();
    return bytes;
}

void overwrite(std::string& file, std::string_view line)
{
    std::size_t at = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), at);
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    line.remove_prefix(std::min<std::size_t>(line.size(), 1));
    for (; line.size() >= 2; line.remove_prefix(2)) {
        unsigned byte = 0;
        std::from_chars(line.data(), line.data() + 2, byte, 16);
        if (error == std::errc{} && at < file.size())
            file[at++] = static_cast<char>(byte);
    }
}

void execute(const std::string& path, const std::string& statement)
{
    sqlite3* database = nullptr;
    if (sqlite3_open(path.c_str(), &database) == SQLITE_OK) {
        constexpr int steps = 100'000; // a statement can go on for ever, too
        sqlite3_progress_handler(
            database, steps, [](void*) { return 1; }, nullptr);
        sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr);
    }
    sqlite3_close(database);
}

void read_all(sync::ledger& from)
{
    from.find_mapping("engineering");
    from.find_fingerprint("engineering", "1012");
    from.find_application("engineering", "1012");
    from.find_applications("ada@example.com");
    for (const auto& one : from.assessments({}))
        from.transitions(one.id), from.write_backs_of(one.id);
    from.invitations_since(then);
    from.count_assessments();
    from.due_write_backs(then + std::chrono::hours{1}, "engineering", 10);
    from.next_write_back("engineering");
    from.write_backs_put_off(then, "engineering", 10);
    from.count_write_backs();
    from.find_fact("testdome");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto file = good_ledger();
    std::vector<std::string> statements;
    auto rest = fuzzing::text_of(data, size);
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.starts_with("UPDATE ") && line.find(';') == std::string_view::npos)
            statements.emplace_back(line);
        else
            overwrite(file, line);
    }
    const auto path = (place() / "ledger.db").string();
    for (const auto* companion : {"", "-wal", "-shm"})
        fs::remove(path + companion);
    std::ofstream(path, std::ios::binary) << file;
    for (const auto& statement : statements)
        execute(path, statement);
    for (const auto access : {sync::ledger_access::read, sync::ledger_access::copy, sync::ledger_access::write})
        try {
            read_all(*sync::open_sqlite_ledger(path, access));
        } catch (const sync::ledger_error& error) {
            fuzzing::promise(std::string_view(error.what()).find(path) != std::string_view::npos,
                             "an error of the ledger names its file", error.what());
        }
    return 0;
}
