#include "sync/eraser.hpp"

#include "sync/application.hpp"
#include "sync/pseudonym.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace json = boost::json;

std::vector<assessment> open_business_of(ledger& ledger, const std::string& email)
{
    auto all = ledger.assessments({.email = email});
    std::erase_if(all, [&](const assessment& one) {
        return is_final(one.state) && !ledger.has_open_business(one.mapping, one.application_id);
    });
    return all;
}

std::vector<stored_application> applications_of_person(ledger& ledger, const std::string& email)
{
    auto all = ledger.find_applications(email);
    for (const auto& one : ledger.assessments({.email = email})) {
        const auto is_this = [&](const stored_application& known) {
            return known.mapping == one.mapping && known.id == one.application_id;
        };
        auto stored = std::ranges::none_of(all, is_this) ? ledger.find_application(one.mapping, one.application_id)
                                                         : std::nullopt;
        if (stored)
            all.push_back(std::move(*stored));
    }
    return all;
}

bool is_forgotten(const json::object& document)
{
    const auto* erased = document.if_contains("erased");
    return erased && *erased == "forgotten";
}

std::vector<application_key> eraser::forget_person(const std::string& email)
{
    auto all = applications_of_person(world_.ledger, email);
    std::erase_if(all, [](const stored_application& one) { return is_forgotten(one.document); });
    std::vector<application_key> forgotten;
    for (auto& one : all) {
        forgotten.push_back({one.mapping, one.id});
        erase(std::move(one), extent::everything);
    }
    return forgotten;
}

std::optional<application_key> eraser::erase_finished(wall_time finished_before, const application_key& after,
                                                      std::size_t limit)
{
    unit_of_work unit(world_.ledger);
    const auto page = world_.ledger.applications_over_since(finished_before, after, limit);
    if (page.empty())
        return std::nullopt;
    for (const auto& key : page) {
        auto stored = world_.ledger.find_application(key.mapping, key.id);
        if (stored && !stored->document.contains("erased"))
            erase(std::move(*stored), extent::identity);
    }
    unit.commit();
    return page.back();
}

void eraser::erase(stored_application erased, extent how_much)
{
    for (auto& one : world_.ledger.assessments({.mapping = erased.mapping, .application_id = erased.id}))
        erase(one, how_much);
    json::object rest{{"erased", how_much == extent::everything ? "forgotten" : "finished"},
                      {"application", {{"id", erased.id}}}};
    for (const auto* kept : {"job", "status"})
        if (const auto* value = erased.document.if_contains(kept))
            rest[kept] = *value;
    erased.document = std::move(rest);
    // The fingerprint stays: a record that is read again as it was is not stored again.
    world_.ledger.save(erased);
    ++erased_;
}

void eraser::erase(assessment& erased, extent how_much)
{
    if (!erased.email.empty() && !is_pseudonym(erased.email))
        erased.email = make_pseudonym(world_.ledger, world_.random, erased.email);
    if (how_much == extent::everything)
        erased.result = nullptr;
    else if (erased.result.is_object())
        erased.result.get_object().erase("raw");
    erased.look_again_at.reset();
    world_.ledger.save(erased, {});
    for (auto& written : world_.ledger.write_backs_of(erased.id)) {
        written.argument = nullptr;
        world_.ledger.save_argument(written);
    }
}

} // namespace testdome_sync::sync
