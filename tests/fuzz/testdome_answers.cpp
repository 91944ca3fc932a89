#include "connectors/testdome/client.hpp"
#include "sync/application.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/scripted_answers.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/serialize.hpp>

// The first line says what TestDome is asked (`invite`, `tests`, `find`, `find all`, `unfinished`, `candidates`,
// `cancel`, `sharing`, else `check`), the rest what it answers.

namespace {

using namespace testdome_sync;
using fuzzing::promise;

constexpr std::string_view secret = "s3cr3t-of-the-testdome-client";
const std::vector<std::string> people{"ada@example.com", "bob@example.com"};

class conversation {
public:
    explicit conversation(std::string_view input) : answers_(input)
    {
        settings_.client_id = "id";
        settings_.client_secret = config::secret(std::string(secret));
        network_.on_request([this](const http::request& order) { return answers_.reply(order); });
        platform_ = testdome::create_client(settings_, network_, clock_, random_, events_);
    }

    void hold();

private:
    template <class T>
    auto end_of(boost::asio::awaitable<sync::result<T>> work)
    {
        auto answer = testing::run(clock_, std::move(work));
        answers_.check_requests({"api.testdome.com:443"});
        if (!answer)
            fuzzing::check_failure(answer.error(), answers_, secret);
        for (const auto& event : events_.all)
            promise(answers_.mention(secret) || event.text.find(secret) == std::string::npos, "the log tells no secret",
                    event.text);
        return answer;
    }

    void check(const std::vector<sync::candidate>& found) const
    {
        for (const auto& one : found) {
            fuzzing::check_storable({{"raw", one.raw ? *one.raw : boost::json::value(nullptr)}});
            promise(one.email == sync::normalized_email(one.email), "addresses are normalized", one.email);
            if (one.deadline)
                promise(sync::time_from(sync::to_text(*one.deadline)).has_value(), "a deadline can be stored",
                        sync::to_text(*one.deadline));
            if (one.completed_at)
                promise(sync::time_from(sync::to_text(*one.completed_at)).has_value(), "a time can be stored",
                        sync::to_text(*one.completed_at));
        }
    }

    void invite();

    fuzzing::scripted_answers answers_;
    config::testdome_settings settings_;
    testing::virtual_clock clock_;
    testing::seeded_random random_;
    testing::recorded_events events_;
    testing::scripted_transport network_;
    std::unique_ptr<sync::test_platform> platform_;
};

void conversation::invite()
{
    sync::invitation_batch batch{1001, people, clock_.wall(), "Hello", "hr@example.com", false};
    const auto answer = end_of(platform_->invite(std::move(batch)));
    answers_.check_effect(fuzzing::failure_in(answer));
    if (answer)
        promise(answer->correlation_id.size() <= 64 + std::string_view("…").size(), "a correlation id is short");
    else // both are refused by a 4xx alone: whatever may have been paid for is looked up
        promise(answers_.exchanges().empty() || answer.error().code != sync::errc::refused ||
                    (answers_.exchanges().back().answer && answers_.exchanges().back().answer->status >= 400),
                "only a refusal is told as one", answer.error().detail);
}

void conversation::hold()
{
    const auto& what = answers_.first_line();
    if (what == "invite") {
        invite();
    } else if (what == "tests") {
        end_of(platform_->tests());
    } else if (what == "find" || what == "find all") {
        auto emails = people;
        emails.resize(what == "find" ? 1 : 2);
        const auto found = end_of(platform_->find(1001, emails));
        if (found) {
            check(*found);
            for (const auto& one : *found)
                promise(one.test_id == 1001 && std::ranges::count(emails, one.email) > 0, "only who is asked for",
                        one.email);
        }
    } else if (what == "unfinished") {
        if (const auto found = end_of(platform_->unfinished({1001, 1002})))
            check(*found);
    } else if (what == "candidates") {
        if (const auto found = end_of(platform_->candidates({1001}, {1, 2, 3, 4}))) {
            check(*found);
            promise(found->size() <= 4, "at most who is asked for");
        }
    } else if (what == "cancel") {
        end_of(platform_->cancel(7));
    } else if (what == "sharing") {
        end_of(platform_->sharing_url(7));
    } else {
        end_of(platform_->check());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    conversation(fuzzing::text_of(data, size)).hold();
    return 0;
}
