#include "tests/sandbox/sandbox.hpp"

#include "tests/sandbox/example.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace testdome_sync::sandbox {
namespace json = boost::json;
namespace {

void write_file(const std::filesystem::path& path, const std::string& text, mode_t mode)
{
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
}

sample_applicant made_up(int i, const sandbox_options& options)
{
    const auto number = std::to_string(i);
    sample_applicant one{.first_name = "Person",
                         .last_name = number,
                         .email = "person" + number + "@example.com",
                         .what = "passes",
                         .score = 80};
    one.final_stage = "Interview";
    one.applies_after = std::chrono::milliseconds(options.arriving_within) * i / options.more_applicants;
    return one;
}

json::object to_json(const traffic& counted)
{
    json::object requests;
    for (const auto& [endpoint, count] : counted.requests)
        requests[endpoint] = count;
    return {{"connections", counted.connections}, {"handshakes", counted.handshakes},
            {"resumed", counted.resumed},         {"bytes_in", counted.bytes_in},
            {"bytes_out", counted.bytes_out},     {"requests", std::move(requests)}};
}

} // namespace

sandbox::sandbox(boost::asio::any_io_executor executor, const sandbox_options& options)
    : directory_(options.directory), testdome_([] { return std::chrono::system_clock::now(); }, options.people),
      break_one_in_(options.break_one_in), invitations_late_(options.invitations_late)
{
    if (options.tokens.count() > 0)
        testdome_.token_life = options.tokens;
    add_tests(testdome_);
    const auto authority = make_authority();
    server_ = start_server(executor, options.port, issue(authority),
                           [this](const http::request& request) { return answer(request); });
    open_hr_systems(options);
    let_people_arrive();
    if (!directory_.empty())
        write_files(authority);
}

/// The sample people are the first one's: nobody is in two of them.
void sandbox::open_hr_systems(const sandbox_options& options)
{
    for (int i = 1; i <= options.hr_systems; ++i) {
        const auto name = i == 1 ? std::string("greenhouse") : "greenhouse-" + std::to_string(i);
        auto& one = hr_systems_.emplace_back(name, greenhouse_world([] { return std::chrono::system_clock::now(); }));
        one.books.base_url = url() + '/' + name + "/v3";
        if (options.tokens.count() > 0)
            one.books.token_life = options.tokens;
        one.job = open_job(one.books);
    }
    hr_systems_.front().applicants = sample_applicants();
    for (int i = 1; i <= options.more_applicants; ++i) {
        auto one = made_up(i, options);
        if (options.applicants_wait) {
            waiting_.push_back(one);
            one.does = behavior::waits;
        }
        hr_systems_[static_cast<std::size_t>(i) % hr_systems_.size()].applicants.push_back(std::move(one));
    }
}

std::string sandbox::url() const
{
    return "https://127.0.0.1:" + std::to_string(server_->port());
}

std::string sandbox::configuration_path() const
{
    return (std::filesystem::path(directory_) / "testdome-sync.yaml").string();
}

void sandbox::write_files(const certificate& authority)
{
    const std::filesystem::path directory(directory_);
    std::filesystem::create_directories(directory / "mappings.d");
    write_file(directory / "ca.pem", authority.certificate_pem, 0644);
    write_file(directory / "testdome-client-secret", "sandbox-secret\n", 0600);
    write_file(directory / "greenhouse-client-secret", "sandbox-secret\n", 0600);
    std::size_t people = 0;
    for (const auto& one : hr_systems_)
        people += one.applicants.size();
    const auto limit = static_cast<int>(people) * 2;
    write_file(directory / "testdome-sync.yaml", example_settings(url(), limit), 0644);
    for (std::size_t i = 0; i < hr_systems_.size(); ++i) {
        const auto file = "engineering" + (i == 0 ? "" : '-' + std::to_string(i + 1)) + ".yaml";
        write_file(directory / "mappings.d" / file, example_mapping(url(), hr_systems_[i].name), 0644);
    }
}

json::array sandbox::all_of(const std::function<json::array(const hr_system&)>& of) const
{
    json::array all;
    for (const auto& one : hr_systems_)
        for (auto& row : of(one))
            all.push_back(std::move(row));
    return all;
}

http::response sandbox::books() const
{
    const auto list = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
    return testdome_sync::sandbox::answer(
        200,
        json::value{{"paid", testdome_.paid_in_all()},
                    {"invite_requests", testdome_.invite_requests()},
                    {"testdome_requests", testdome_.requests()},
                    {"testdome_violations", list(testdome_.violations())},
                    {"greenhouse_violations", all_of([&](const auto& one) { return list(one.books.violations()); })}});
}

/// Whoever was invited a while ago has finished at once.
http::response sandbox::finish(const std::string& people)
{
    const auto wanted = std::strtoul(people.c_str(), nullptr, 10);
    unsigned long let = 0;
    for (; let < wanted && !waiting_.empty(); ++let) {
        testdome_.set_behavior(waiting_.front().email, waiting_.front().does, waiting_.front().score);
        waiting_.pop_front();
    }
    return testdome_sync::sandbox::answer(200, json::value{{"let", let}});
}

http::response sandbox::control(const http::request& request)
{
    const auto order = parse_incoming(request, "/sandbox");
    if (order.path == "/finish" && order.method == "POST")
        return finish(order.one("people").value_or(""));
    if (order.path == "/outcomes")
        return testdome_sync::sandbox::answer(
            200, all_of([&](const auto& one) { return outcomes(testdome_, one.books, one.applicants); }));
    if (order.path == "/delays")
        return testdome_sync::sandbox::answer(
            200, all_of([&](const auto& one) { return delays(testdome_, one.books, one.applicants); }));
    if (order.path == "/traffic")
        return testdome_sync::sandbox::answer(200, to_json(server_->counted()));
    if (order.path == "/books")
        return books();
    return testdome_sync::sandbox::answer(
        404, json::value{{"message", "there are /sandbox/outcomes, /sandbox/delays, /sandbox/traffic, /sandbox/books "
                                     "and POST /sandbox/finish?people=N"}});
}

reply sandbox::answer_of_systems(const http::request& request)
{
    const bool breaks = break_one_in_ > 0 && std::uniform_int_distribution(1, break_one_in_)(dice_) == 1;
    const bool before_the_effect = breaks && std::uniform_int_distribution(0, 1)(dice_) == 0;
    if (before_the_effect)
        return {{}, true};
    const auto path = request.url.substr(0, request.url.find('?'));
    if (path.ends_with("/invite-via-email"))
        return {testdome_.answer(request, "/testdome"), breaks, invitations_late_};
    if (path.starts_with("/testdome/"))
        return {testdome_.answer(request, "/testdome"), breaks};
    for (auto& one : hr_systems_)
        if (path.starts_with('/' + one.name + '/'))
            return {one.books.answer(request, '/' + one.name), breaks};
    return {testdome_sync::sandbox::answer(404, json::value{{"message", "there is no such HR system"}})};
}

/// Nobody can tell when between two requests somebody has applied.
void sandbox::let_people_arrive()
{
    const auto age = std::chrono::steady_clock::now() - opened_;
    for (auto& one : hr_systems_)
        for (; one.arrived < one.applicants.size() && one.applicants[one.arrived].applies_after <= age; ++one.arrived)
            apply(testdome_, one.books, one.applicants[one.arrived], one.job);
}

reply sandbox::answer(const http::request& request)
{
    let_people_arrive();
    const auto path = request.url.substr(0, request.url.find('?'));
    if (path.starts_with("/testdome/") || path.starts_with("/greenhouse"))
        return answer_of_systems(request);
    if (path.starts_with("/sandbox/"))
        return {control(request)};
    return {
        testdome_sync::sandbox::answer(404, json::value{{"message", "there are /testdome, /greenhouse and /sandbox"}})};
}

} // namespace testdome_sync::sandbox
