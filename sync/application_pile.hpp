#pragma once

#include "sync/application.hpp"

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::sync {

class text_packer;

/// The applications that one poll has found, in their order. At a large company the first poll finds a hundred thousand
/// at once: all but the first few are packed, which takes a tenth of the memory, and are made anew when they are asked
/// for. Their times are kept to the second, as the ledger keeps them. One thread.
class application_pile {
public:
    static constexpr std::size_t kept_as_they_are = 1000;

    application_pile();
    ~application_pile();
    application_pile(application_pile&&) noexcept;
    application_pile& operator=(application_pile&&) noexcept;

    void push_back(application one);
    void replace(std::size_t place, application one);
    /// Those behind it move up.
    void erase(std::size_t place);

    std::size_t size() const { return plain_.size() + packed_.size(); }
    bool empty() const { return size() == 0; }
    application operator[](std::size_t place) const;
    application front() const { return (*this)[0]; }
    application back() const { return (*this)[size() - 1]; }

    /// Gives one away for good: nothing is to be asked of its place any more, which stays.
    application take(std::size_t place);

    class iterator {
    public:
        using value_type = application;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() = default;
        application operator*() const { return (*pile_)[place_]; }
        iterator& operator++()
        {
            ++place_;
            return *this;
        }
        void operator++(int) { ++place_; }
        bool operator==(const iterator& other) const { return place_ == other.place_; }

    private:
        friend application_pile;
        iterator(const application_pile& pile, std::size_t place) : pile_(&pile), place_(place) {}
        const application_pile* pile_ = nullptr;
        std::size_t place_ = 0;
    };
    iterator begin() const { return {*this, 0}; }
    iterator end() const { return {*this, size()}; }

private:
    std::string packed(const application& one);
    application unpacked(const std::string& packed) const;

    std::vector<application> plain_;  ///< the first ones
    std::vector<std::string> packed_; ///< all that follow
    std::unique_ptr<text_packer> packer_;
};

} // namespace testdome_sync::sync
