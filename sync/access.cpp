#include "sync/access.hpp"

#include "sync/application.hpp"

namespace testdome_sync::sync {
namespace {

constexpr auto certificate_fact = "certificate_end";

std::string denial_fact(const std::string& mapping)
{
    return "access_denied/" + mapping;
}

void note(ledger& ledger, const std::string& fact, const boost::json::value& value)
{
    if (ledger.find_fact(fact) == value)
        return;
    unit_of_work unit(ledger);
    ledger.save_fact(fact, value);
    unit.commit();
}

} // namespace

void note_access(ledger& ledger, const std::string& mapping, bool is_denied)
{
    note(ledger, denial_fact(mapping), is_denied ? boost::json::value(true) : nullptr);
}

bool is_access_denied(ledger& ledger, const std::string& mapping)
{
    return ledger.find_fact(denial_fact(mapping)) == true;
}

void note_certificate_end(ledger& ledger, const std::optional<wall_time>& end)
{
    note(ledger, certificate_fact, end ? boost::json::value(to_text(*end)) : nullptr);
}

std::optional<wall_time> certificate_end(ledger& ledger)
{
    const auto end = ledger.find_fact(certificate_fact);
    return end.is_string() ? time_from(end.get_string()) : std::nullopt;
}

} // namespace testdome_sync::sync
