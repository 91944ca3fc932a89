#include "tests/storm/audit.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>

namespace testdome_sync::testing {
namespace {

using sync::assessment;
using sync::assessment_state;
using namespace std::chrono_literals;

/// A listing shows a hand-made invitation after its lag; a request takes its time.
constexpr std::chrono::minutes visible_after{15};

/// Results are looked at again once a day.
constexpr std::chrono::hours looked_at_again{27};

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string without_marker(const std::string& note)
{
    return note.substr(0, note.find("[td-"));
}

/// What happens at TestDome is seen by the next look of the calm installation.
constexpr std::chrono::minutes seen_after{130};

class auditor {
public:
    explicit auditor(const accounts& books) : books_(books), assessments_(books.ledger.assessments({})) {}

    std::vector<std::string> all()
    {
        look_at_payments();
        look_at_groups();
        look_at_day_limit();
        look_at_servers();
        for (const auto& one : books_.everybody.all())
            if (one.application != 0)
                look_at(one);
        for (const auto& one : assessments_)
            look_at(one);
        return std::move(complaints_);
    }

private:
    void complain(std::string what) { complaints_.push_back(std::move(what)); }

    /// Under `reuse` each person × test is paid for once; an invitation made by hand counts, too.
    void look_at_payments()
    {
        std::map<std::string, int> paid;
        for (const auto& payment : books_.testdome.payments()) {
            const auto email = lower(payment.email);
            ++paid[email];
            if (books_.setup.repeat != installation::repeating::reuse || is_hidden(email))
                continue;
            if (paid[email] > 1)
                complain(email + " was paid for twice");
            for (const auto& candidate : books_.testdome.candidates())
                if (candidate.by_hand && lower(candidate.email) == email &&
                    payment.at > candidate.made_at + visible_after)
                    complain(email + " was paid for although invited by hand before");
        }
    }

    /// Whoever is never listed can't be looked up either, so an unknown outcome stays unknown: nothing is promised.
    bool is_hidden(const std::string& email) const
    {
        return std::ranges::any_of(books_.everybody.all(),
                                   [&](const applicant& one) { return one.hidden && one.emails.contains(email); });
    }

    /// Each application × test is paid for once, whichever of its addresses was used.
    void look_at_groups()
    {
        const auto& all = books_.everybody.all();
        std::vector<std::size_t> group(all.size());
        std::iota(group.begin(), group.end(), std::size_t{0});
        std::map<std::string, std::size_t> by_email;
        for (std::size_t i = 0; i < all.size(); ++i)
            for (const auto& email : all[i].emails) {
                const auto [first, fresh] = by_email.emplace(email, i);
                if (!fresh)
                    std::ranges::replace(group, group[i], group[first->second]);
            }
        std::map<std::size_t, int> may_pay;
        std::map<std::size_t, int> paid;
        for (std::size_t i = 0; i < all.size(); ++i)
            may_pay[group[i]] += may_be_paid(all[i]) ? 1 : 0;
        for (const auto& payment : books_.testdome.payments()) {
            const auto of = by_email.find(lower(payment.email));
            if (of == by_email.end())
                complain("a stranger was paid for: " + payment.email);
            else if (!is_hidden(lower(payment.email)))
                ++paid[group[of->second]];
        }
        for (const auto& [which, times] : paid)
            if (times > may_pay[which])
                complain(all[which].name + " (or whoever shares an address): " + std::to_string(times) +
                         " invitations paid for " + std::to_string(may_pay[which]) + " applications");
    }

    bool may_be_paid(const applicant& one) const
    {
        return one.selected && !one.in_crowd && (!one.before_start || books_.setup.start_all);
    }

    void look_at_day_limit()
    {
        std::map<std::chrono::sys_days, int> by_day;
        for (const auto& payment : books_.testdome.payments()) {
            const auto day = std::chrono::floor<std::chrono::days>(payment.at);
            if (payment.at - day > 1min) // what left just before midnight belongs to the day before
                ++by_day[day];
        }
        for (const auto& [day, paid] : by_day)
            if (paid > books_.setup.per_day && !books_.clock_was_wrong)
                complain(std::to_string(paid) + " invitations on one day, over the limit of " +
                         std::to_string(books_.setup.per_day));
    }

    void look_at_servers()
    {
        for (const auto& violation : books_.testdome.violations())
            complain("TestDome got a request that isn't documented: " + violation);
        for (const auto& violation : books_.greenhouse.violations())
            complain("Greenhouse got a request that isn't documented: " + violation);
    }

    /// Selected for certain: whatever else the world did, somebody must have been decided about.
    bool must_be_decided(const applicant& one) const
    {
        return one.selected && !one.disturbed && (!one.before_start || books_.setup.start_all);
    }

    void look_at(const applicant& one)
    {
        const auto id = std::to_string(one.application);
        const bool known =
            std::ranges::any_of(assessments_, [&](const assessment& of) { return of.application_id == id; });
        if (must_be_decided(one) && !known)
            complain(one.name + " (application " + id + ") was forgotten");
        if (known && (!one.selected || (one.before_start && !books_.setup.start_all)))
            complain(one.name + " (application " + id + ") is not selected by any rule");
        std::map<std::string, int> notes;
        for (const auto& note : books_.greenhouse.notes_of(one.application))
            if (++notes[without_marker(note)] == 2)
                complain(one.name + " (application " + id + ") has a note twice: " + without_marker(note));
        if (!known && !notes.empty())
            complain(one.name + " (application " + id + ") has a note without being selected");
        if (books_.greenhouse.field_of(one.application, "shirt_size") != boost::json::value("M"))
            complain(one.name + " (application " + id + ") lost another field");
    }

    const applicant* applicant_of(const assessment& one) const
    {
        const auto found = std::ranges::find(books_.everybody.all(), one.application_id,
                                             [](const applicant& of) { return std::to_string(of.application); });
        return found == books_.everybody.all().end() ? nullptr : &*found;
    }

    const sandbox::testdome_world::candidate* candidate_of(const assessment& one)
    {
        const auto& all = books_.testdome.candidates();
        const auto found = std::ranges::find(all, one.candidate_id, &sandbox::testdome_world::candidate::id);
        return found == all.end() ? nullptr : &*found;
    }

    /// Invited lately, and nobody knows yet how it ends.
    bool is_open_at_testdome(const assessment& one)
    {
        if (one.candidate_id == 0)
            return (is_hidden(one.email) && one.deadline && books_.now < *one.deadline + 24h + seen_after) ||
                   (one.invited_at && books_.now - *one.invited_at < seen_after);
        const auto* candidate = candidate_of(one);
        return candidate && (candidate->status == to_text(one.state) || candidate->needs_scoring ||
                             books_.now - candidate->changed_at < seen_after);
    }

    /// Refused at the last look, together with an address that TestDome does not take: the next look sends it alone.
    bool is_sent_alone_next(const assessment& one) const
    {
        return one.state == assessment_state::planned && one.send_alone && books_.now - one.updated_at < seen_after;
    }

    /// Planned, and an earlier invitation of the same person is still open: its end is this one's, too.
    bool waits_for_an_open_one(const assessment& one)
    {
        return one.state == assessment_state::planned &&
               std::ranges::any_of(assessments_, [&](const assessment& other) {
                   const bool open = other.state == assessment_state::held
                                         ? books_.now - other.updated_at < seen_after // the next look tells it to all
                                         : !sync::is_final(other.state) && is_open_at_testdome(other);
                   return other.id != one.id && other.email == one.email && open;
               });
    }

    void look_at(const assessment& one)
    {
        const auto* who = applicant_of(one);
        const auto name = "assessment " + std::to_string(one.id) + " of " + (who ? who->name : "somebody unknown") +
                          " (application " + one.application_id + ")";
        if (!who)
            return complain(name);
        if (one.state == assessment_state::held) {
            if (one.reason.empty())
                complain(name + " is held without a reason");
        } else if (!sync::is_final(one.state) && !is_open_at_testdome(one) && !waits_for_an_open_one(one) &&
                   !is_sent_alone_next(one)) {
            complain(name + " is not settled: " + std::string(to_text(one.state)) + ' ' + one.reason);
        }
        for (const auto& written : books_.ledger.write_backs_of(one.id))
            look_at(written, *who, name);
        if (sync::is_final(one.state) && !who->removed)
            look_at_result(one, *who, name);
    }

    void look_at(const sync::write_back& one, const applicant& who, const std::string& name)
    {
        const auto what = name + ": " + one.action + " of `" + one.event + "` is " + std::string(to_text(one.state)) +
                          ": " + one.reason;
        const bool open =
            one.state == sync::write_back_state::pending || one.state == sync::write_back_state::unconfirmed;
        if (open && !who.removed) // nobody is found at once to be gone for good
            complain(what);
        if (one.state == sync::write_back_state::failed && !who.disturbed)
            complain(what);
    }

    int count_notes(const applicant& who, const std::string& text) const
    {
        const auto notes = books_.greenhouse.notes_of(who.application);
        return static_cast<int>(
            std::ranges::count_if(notes, [&](const std::string& note) { return note.starts_with(text); }));
    }

    void expect_note(const applicant& who, const std::string& text, const std::string& name)
    {
        if (count_notes(who, text) == 0)
            complain(name + " has no note \"" + text + "…\"");
    }

    void look_at_result(const assessment& one, const applicant& who, const std::string& name)
    {
        if (one.state == assessment_state::refused)
            return expect_note(who, "TestDome: not invited:", name);
        if (one.state == assessment_state::did_not_take)
            return expect_note(who, "TestDome: the test was not taken", name);
        if (one.state != assessment_state::completed)
            return;
        const auto* candidate = candidate_of(one);
        if (!candidate || candidate->status != "completed")
            return complain(name + " is completed, and TestDome knows nothing of it");
        if (candidate->revised_at && books_.now - *candidate->revised_at < looked_at_again)
            return;
        expect_note(who, "TestDome: " + std::to_string(candidate->score) + "% in C++ Senior.", name);
        if (!candidate->revised_at && count_notes(who, "TestDome: ") > 0 && who.emails.size() == 1)
            for (const auto& note : books_.greenhouse.notes_of(who.application))
                if (note.find("% in ") != std::string::npos &&
                    !note.starts_with("TestDome: " + std::to_string(candidate->score) + '%'))
                    complain(name + " has a note with a wrong score");
        if (who.disturbed)
            return;
        if (!who.merged &&
            books_.greenhouse.field_of(who.application, "testdome_score") != boost::json::value(candidate->score))
            complain(name + ": the field is not the score " + std::to_string(candidate->score) + ", but " +
                     boost::json::serialize(books_.greenhouse.field_of(who.application, "testdome_score")));
        if (candidate->score >= 60 && books_.greenhouse.stage_of(who.application) != "Interview")
            complain(name + " passed and was not moved");
    }

    const accounts& books_;
    std::vector<assessment> assessments_;
    std::vector<std::string> complaints_;
};

} // namespace

std::vector<std::string> audit(const accounts& books)
{
    return auditor(books).all();
}

} // namespace testdome_sync::testing
