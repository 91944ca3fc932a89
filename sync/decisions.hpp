#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// What a person at the keyboard can decide. Spelled on the command line and in the ledger as here.
enum class decision_kind {
    approve, ///< invite who waits for approval or behind a limit, limits notwithstanding
    hold,    ///< don't invite for now
    retry,   ///< look anew at what is held or was refused
    cancel,  ///< don't invite; withdraw the invitation as long as the test is not started
    extend,  ///< a later deadline for who is invited; costs nothing
    replay,  ///< write back once more what was not written
    pause,   ///< ask and tell one HR system nothing, invite nobody of it
    resume,
    forget, ///< erase a person's data
};
std::string_view to_text(decision_kind kind);
std::optional<decision_kind> decision_kind_from(std::string_view text);

struct decision {
    decision_kind kind = decision_kind::hold;
    std::vector<std::int64_t> ids{}; ///< of assessments; with replay, of write-backs
    bool all = false;                ///< approve: everybody who waits for it or behind a limit
    std::string subject{};           ///< pause, resume: the mapping; forget: the address
    std::chrono::seconds by{};       ///< extend: how much later than the present deadline
    std::string who{};               ///< who decides: the name of a user of this machine
    std::string why{};               ///< for those who come after; may be empty
};

/// What became of it, one item for each thing that was named.
struct decision_answer {
    struct item {
        std::string subject; ///< an id, a mapping's name; never an address
        bool done = false;
        std::string text; ///< for people: what happens now, or why not and what to do instead
    };
    std::vector<item> items;
    bool is_done() const; ///< everything was
};

/// Carries out decisions on the ledger, the daemon's own or one that no daemon works with: what is to be asked or told
/// elsewhere (withdrawing, extending, writing) is committed as wanted, and the engine does it when it runs. Each leaves
/// a row that says who decided what, when and why. One thread.
class decision_desk {
public:
    /// `world` outlives the desk.
    explicit decision_desk(environment& world) : world_(world), books_(world) {}

    /// Throws ledger_error if it can't be stored: then nothing was decided.
    decision_answer carry_out(const decision& wanted);

private:
    // Each inside the unit of work of `carry_out`.
    decision_answer::item about_assessment(const decision& wanted, std::int64_t id);
    decision_answer::item about_mapping(const decision& wanted);
    decision_answer::item replay(const decision& wanted, std::int64_t id);
    std::vector<decision_answer::item> forget(const decision& wanted, std::vector<application_key>& forgotten);

    std::vector<std::int64_t> subjects_of(const decision& wanted);
    void tell(const decision& taken, const decision_answer& answer, const std::vector<application_key>& forgotten);
    std::vector<field> fields_about(const decision& taken, const decision_answer::item& of);

    environment& world_;
    bookkeeper books_;
};

} // namespace testdome_sync::sync
