#include "tests/sandbox/sandbox.hpp"

#include "tests/sandbox/example.hpp"

#include <sys/stat.h>

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

std::vector<sample_applicant> people(int more, std::chrono::milliseconds arriving_within)
{
    auto all = sample_applicants();
    for (int i = 1; i <= more; ++i) {
        const auto number = std::to_string(i);
        sample_applicant one{.first_name = "Person",
                             .last_name = number,
                             .email = "person" + number + "@example.com",
                             .what = "passes",
                             .score = 80};
        one.final_stage = "Interview";
        one.applies_after = arriving_within * i / more;
        all.push_back(std::move(one));
    }
    return all;
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
      greenhouse_([] { return std::chrono::system_clock::now(); }),
      applicants_(people(options.more_applicants, options.arriving_within)), break_one_in_(options.break_one_in),
      invitations_late_(options.invitations_late)
{
    if (options.tokens.count() > 0)
        testdome_.token_life = greenhouse_.token_life = options.tokens;
    const auto authority = make_authority();
    server_ = start_server(executor, options.port, issue(authority),
                           [this](const http::request& request) { return answer(request); });
    greenhouse_.base_url = url() + "/greenhouse/v3";
    job_ = open_job(testdome_, greenhouse_);
    let_people_arrive();
    if (!directory_.empty())
        write_files(authority);
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
    const auto limit = static_cast<int>(applicants_.size()) * 2;
    write_file(directory / "testdome-sync.yaml", example_settings(url(), limit), 0644);
    write_file(directory / "mappings.d" / "engineering.yaml", example_mapping(url()), 0644);
}

http::response sandbox::control(const std::string& path)
{
    if (path == "/outcomes")
        return testdome_sync::sandbox::answer(200, outcomes(testdome_, greenhouse_, applicants_));
    if (path == "/delays")
        return testdome_sync::sandbox::answer(200, delays(testdome_, greenhouse_, applicants_));
    if (path == "/traffic")
        return testdome_sync::sandbox::answer(200, to_json(server_->counted()));
    if (path != "/books")
        return testdome_sync::sandbox::answer(
            404, json::value{{"message", "there are /sandbox/outcomes, /sandbox/delays, /sandbox/traffic and "
                                         "/sandbox/books"}});
    const auto list = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
    return testdome_sync::sandbox::answer(200, json::value{{"paid", testdome_.paid_in_all()},
                                                           {"invite_requests", testdome_.invite_requests()},
                                                           {"testdome_requests", testdome_.requests()},
                                                           {"testdome_violations", list(testdome_.violations())},
                                                           {"greenhouse_violations", list(greenhouse_.violations())}});
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
    return {greenhouse_.answer(request, "/greenhouse"), breaks};
}

/// Nobody can tell when between two requests somebody has applied.
void sandbox::let_people_arrive()
{
    const auto age = std::chrono::steady_clock::now() - opened_;
    for (; arrived_ < applicants_.size() && applicants_[arrived_].applies_after <= age; ++arrived_)
        apply(testdome_, greenhouse_, applicants_[arrived_], job_);
}

reply sandbox::answer(const http::request& request)
{
    let_people_arrive();
    const auto path = request.url.substr(0, request.url.find('?'));
    if (path.starts_with("/testdome/") || path.starts_with("/greenhouse/"))
        return answer_of_systems(request);
    if (path.starts_with("/sandbox/"))
        return {control(path.substr(8))};
    return {
        testdome_sync::sandbox::answer(404, json::value{{"message", "there are /testdome, /greenhouse and /sandbox"}})};
}

} // namespace testdome_sync::sandbox
