#include "connectors/http/refresh_token.hpp"

#include <exception>
#include <utility>

namespace testdome_sync::http {
namespace {

sync::failure not_kept(const std::string& why)
{
    return {sync::errc::not_sent, why};
}

} // namespace

sync::result<void> refresh_token::load()
{
    if (current_)
        return {};
    current_ = options_.configured;
    if (!options_.store)
        return {};
    try {
        const auto stored = options_.store->find_token(options_.key);
        if (stored) {
            is_stored_one_ = stored->token.reveal() != options_.configured.reveal();
            answer_was_lost_ = stored->asked_at.has_value();
            current_ = stored->token;
        }
        return {};
    } catch (const std::exception& error) {
        current_.reset();
        return not_kept(std::string("the refresh token can't be read: ") + error.what());
    }
}

sync::result<std::string> refresh_token::take()
{
    using token = sync::result<std::string>;
    if (options_.store && !to_be_stored_)
        current_.reset(); // another machine may have replaced it while it had the mapping
    if (const auto loaded = load(); !loaded)
        return loaded.error();
    if (!options_.rotates)
        return token(boost::system::in_place_value, current_->reveal());
    if (!options_.store || !options_.store->is_durable())
        return not_kept("no sign-in here: each one replaces the refresh token, and only the running service keeps the "
                        "new one");
    if (const auto marked = store(clock_.wall()); !marked)
        return marked.error();
    answer_was_lost_ = answer_was_lost_ || asked_;
    asked_ = true;
    return token(boost::system::in_place_value, current_->reveal());
}

void refresh_token::replace(std::string token)
{
    asked_ = answer_was_lost_ = false;
    const bool same = current_ && token == current_->reveal();
    to_be_stored_ = !same || options_.rotates; // the mark of the request is taken back, too
    is_stored_one_ = is_stored_one_ || !same;
    current_ = config::secret(std::move(token));
}

void refresh_token::stays()
{
    asked_ = answer_was_lost_ = false;
    to_be_stored_ = to_be_stored_ || options_.rotates; // the mark of the request is taken back
}

sync::result<void> refresh_token::keep()
{
    if (!to_be_stored_)
        return {};
    if (!options_.store || !options_.store->is_durable())
        return not_kept("the HR system has replaced the refresh token, and only the running service keeps the new one; "
                        "say \"rotates: true\" in \"auth\"");
    const auto kept = store(std::nullopt);
    to_be_stored_ = !kept;
    return kept;
}

sync::result<void> refresh_token::store(const std::optional<sync::wall_time>& asked_at)
{
    try {
        options_.store->save_token(options_.key, {*current_, asked_at, clock_.wall()});
        return {};
    } catch (const std::exception& error) {
        return not_kept(std::string("no sign-in: the refresh token can't be stored: ") + error.what());
    }
}

std::string refresh_token::refused()
{
    std::string text = is_stored_one_ ? "; the refresh token in the ledger is not accepted"
                                      : "; the configured refresh token is not accepted";
    if (answer_was_lost_)
        text += " (an earlier sign-in had no answer, so the HR system may have replaced it unseen)";
    else if (std::exchange(asked_, false)) // this one was answered; if that can't be stored, the doubt is no harm
        [[maybe_unused]]
        const auto stored = store(std::nullopt);
    return text + ": make a new one and put it into the configuration";
}

} // namespace testdome_sync::http
