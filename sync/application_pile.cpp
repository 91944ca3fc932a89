#include "sync/application_pile.hpp"

#include "sync/stored_json.hpp"
#include "sync/text_packer.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace testdome_sync::sync {
namespace {

/// The fingerprint, which has no line break, and the document.
std::string text_of(const application& one)
{
    return one.fingerprint + '\n' + boost::json::serialize(to_document(one));
}

application application_in(std::string_view text)
{
    const auto end_of_fingerprint = text.find('\n');
    auto made = application_from(stored_json(text.substr(end_of_fingerprint + 1)).as_object());
    made.fingerprint = text.substr(0, end_of_fingerprint);
    return made;
}

} // namespace

application_pile::application_pile() = default;
application_pile::~application_pile() = default;
application_pile::application_pile(application_pile&&) noexcept = default;
application_pile& application_pile::operator=(application_pile&&) noexcept = default;

std::string application_pile::packed(const application& one)
{
    auto text = text_of(one);
    if (!packer_)
        packer_ = std::make_unique<text_packer>(text);
    return packer_->pack(text);
}

application application_pile::unpacked(const std::string& packed) const
{
    return application_in(packer_->unpack(packed));
}

void application_pile::push_back(application one)
{
    if (packed_.empty() && plain_.size() < kept_as_they_are)
        plain_.push_back(std::move(one));
    else
        packed_.push_back(packed(one));
}

void application_pile::replace(std::size_t place, application one)
{
    if (place < plain_.size())
        plain_[place] = std::move(one);
    else
        packed_[place - plain_.size()] = packed(one);
}

void application_pile::erase(std::size_t place)
{
    if (place < plain_.size())
        plain_.erase(plain_.begin() + static_cast<std::ptrdiff_t>(place));
    else
        packed_.erase(packed_.begin() + static_cast<std::ptrdiff_t>(place - plain_.size()));
}

application application_pile::operator[](std::size_t place) const
{
    return place < plain_.size() ? plain_[place] : unpacked(packed_[place - plain_.size()]);
}

application application_pile::take(std::size_t place)
{
    if (place < plain_.size())
        return std::exchange(plain_[place], {});
    return unpacked(std::exchange(packed_[place - plain_.size()], {}));
}

} // namespace testdome_sync::sync
