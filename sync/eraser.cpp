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

void erase_document(stored_application& erased, bool is_forgotten)
{
    // It begins with this word: an index of the ledger has those that don't.
    json::object rest{{"erased", is_forgotten ? "forgotten" : "finished"}, {"application", {{"id", erased.id}}}};
    for (const auto* kept : {"job", "status"})
        if (const auto* value = erased.document.if_contains(kept))
            rest[kept] = *value;
    erased.document = std::move(rest);
    erased.decision.clear();
}

bool has_ended(const std::vector<assessment>& all_of_it)
{
    const auto is_over = [](const assessment& one) { return is_final(one.state); };
    return !all_of_it.empty() && std::ranges::all_of(all_of_it, is_over);
}

bool is_erased(const std::vector<assessment>& all_of_it)
{
    return has_ended(all_of_it) && std::ranges::all_of(all_of_it, is_pseudonym, &assessment::email);
}

std::vector<application_key> eraser::forget_person(const std::string& email)
{
    auto all = applications_of_person(ledger_, email);
    std::erase_if(all, [](const stored_application& one) { return is_forgotten(one.document); });
    std::vector<application_key> forgotten;
    for (auto& one : all) {
        forgotten.push_back({one.mapping, one.id});
        auto of_it = ledger_.assessments({.mapping = one.mapping, .application_id = one.id});
        erase(std::move(one), std::move(of_it), extent::everything);
    }
    ledger_.close_up(forgotten);
    return forgotten;
}

bool eraser::erase_finished(wall_time finished_before, erasing_progress& progress, std::size_t limit)
{
    unit_of_work unit(ledger_);
    const auto page = progress.looks_at_assessments
                          ? ledger_.assessments_over_since(finished_before, progress.last, limit)
                          : ledger_.applications_unchanged_since(finished_before, progress.last, limit);
    std::vector<application_key> erased;
    for (const auto& [time, key, id] : page) {
        auto stored = ledger_.find_application(key.mapping, key.id);
        if (!stored)
            continue;
        auto all = ledger_.assessments({.mapping = key.mapping, .application_id = key.id});
        const auto is_old = [&](const assessment& one) {
            return is_final(one.state) && (!one.finished_at || *one.finished_at < finished_before);
        };
        const bool is_done = stored->document.contains("erased") && (all.empty() || is_erased(all));
        if (is_done || !std::ranges::all_of(all, is_old) || ledger_.has_open_business(key.mapping, key.id))
            continue;
        erase(std::move(*stored), std::move(all), extent::identity);
        erased.push_back(key);
    }
    if (!erased.empty()) {
        ledger_.close_up(std::move(erased));
        unit.commit();
    }
    const bool is_end = page.size() < limit;
    if (!page.empty())
        progress.last = page.back();
    if (!is_end || !progress.looks_at_assessments)
        return !is_end;
    progress = {.looks_at_assessments = false};
    return true;
}

void eraser::erase(stored_application erased, std::vector<assessment> all_of_it, extent how_much)
{
    for (auto& one : all_of_it)
        erase(one, how_much);
    erase_document(erased, how_much == extent::everything);
    ledger_.save(erased);
    ++erased_;
}

void eraser::erase(assessment& erased, extent how_much)
{
    if (!erased.email.empty() && !is_pseudonym(erased.email))
        erased.email = make_pseudonym(ledger_, random_, erased.email);
    if (how_much == extent::everything)
        erased.result = nullptr;
    else if (erased.result.is_object())
        erased.result.get_object().erase("raw");
    erased.look_again_at.reset();
    ledger_.save(erased, {});
    ledger_.drop_settled_write_backs(erased.id);
    for (auto& left : ledger_.write_backs_of(erased.id)) {
        left.argument = nullptr;
        ledger_.save_argument(left);
    }
}

} // namespace testdome_sync::sync
