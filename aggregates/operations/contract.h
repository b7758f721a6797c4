// What operators and auditors did with the platform itself, recorded in the log like everything
// else: so that who rebuilt a view, skipped an event, read the trail, erased a person or took a
// backup can be proved as any reservation can. One stream for each subject: "views", "trail",
// "privacy", "backups", "tokens", "refused-tokens". Who did it is the event's actor.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/message.h"
#include "kernel/time.h"

namespace yeyak::operations {

// Readers of a view see another build of it from now on.
struct ViewSwitched {
    static constexpr std::string_view type = "operations.view_switched.v1";
    std::string view;
    std::string how;  // "rebuilt", "rolled_back"
    std::int64_t generation = 0;
    std::int64_t projector_version = 0;
    std::int64_t position = 0;  // where the new build stood
    std::int64_t rows = 0;
    std::string digest;  // of its rows at `position`
    friend bool operator==(const ViewSwitched&, const ViewSwitched&) = default;
};
BOOST_DESCRIBE_STRUCT(ViewSwitched, (),
                      (view, how, generation, projector_version, position, rows, digest))

// A view goes on without an event that it could not apply, now and in every later rebuild.
struct EventSkipped {
    static constexpr std::string_view type = "operations.event_skipped.v1";
    std::string view;
    std::int64_t position = 0;
    std::string reason;
    friend bool operator==(const EventSkipped&, const EventSkipped&) = default;
};
BOOST_DESCRIBE_STRUCT(EventSkipped, (), (view, position, reason))

// Somebody is shown events; recorded before the first of them is shown.
struct TrailRead {
    static constexpr std::string_view type = "operations.trail_read.v1";
    std::string filter;  // what was asked for
    std::string reason;
    std::int64_t events = 0;           // how many were shown
    std::int64_t position = 0;         // the head at that time
    std::vector<std::string> persons;  // who occur in them, at most 24
    bool more_persons = false;         // and others: it is in everybody's trail
    friend bool operator==(const TrailRead&, const TrailRead&) = default;
};
BOOST_DESCRIBE_STRUCT(TrailRead, (), (filter, reason, events, position, persons, more_persons))

// The keys of a person's fields were destroyed; nobody can read those fields again.
struct PersonErased {
    static constexpr std::string_view type = "operations.person_erased.v1";
    std::string person;
    std::string reason;
    std::vector<std::string> keys;  // names of the destroyed keys
    std::string checkpoint;         // signed, of the log as it was just before
    friend bool operator==(const PersonErased&, const PersonErased&) = default;
};
BOOST_DESCRIBE_STRUCT(PersonErased, (), (person, reason, keys, checkpoint))

struct PersonExported {
    static constexpr std::string_view type = "operations.person_exported.v1";
    std::string person;
    std::string reason;
    friend bool operator==(const PersonExported&, const PersonExported&) = default;
};
BOOST_DESCRIBE_STRUCT(PersonExported, (), (person, reason))

struct BackupTaken {
    static constexpr std::string_view type = "operations.backup_taken.v1";
    std::int64_t number = 0;
    std::int64_t position = 0;  // the head that it holds
    std::string root;           // of the Merkle tree at that position, in hexadecimal digits
    friend bool operator==(const BackupTaken&, const BackupTaken&) = default;
};
BOOST_DESCRIBE_STRUCT(BackupTaken, (), (number, position, root))

// Keys were lost or could not be proved to be those of the log: an operator decided to go on with
// the ones that are there. The ids tell which ones they are, and nothing about them.
struct KeysAccepted {
    static constexpr std::string_view type = "operations.keys_accepted.v1";
    std::string reason;
    std::string tokens;
    std::string signing;
    std::string persons;
    friend bool operator==(const KeysAccepted&, const KeysAccepted&) = default;
};
BOOST_DESCRIBE_STRUCT(KeysAccepted, (), (reason, tokens, signing, persons))

// Tokens of a subject count no more when they were issued at or before `issued_until`.
struct TokensRevoked {
    static constexpr std::string_view type = "operations.tokens_revoked.v1";
    std::string subject;  // as the tokens name it: an actor
    Instant issued_until;
    std::string reason;
    friend bool operator==(const TokensRevoked&, const TokensRevoked&) = default;
};
BOOST_DESCRIBE_STRUCT(TokensRevoked, (), (subject, issued_until, reason))

// Tokens that did not count, within a minute or more: told together, since whoever sends them would
// write into the log for ever otherwise. Nothing of the tokens is known to be true, so nobody is
// named.
struct TokensRefused {
    static constexpr std::string_view type = "operations.tokens_refused.v1";
    Instant from;  // the first one
    Instant until;
    std::int64_t count = 0;
    std::vector<std::string> reasons;   // "expired"
    std::vector<std::string> networks;  // "192.0.2.0/24"; at most 20
    bool more_networks = false;
    friend bool operator==(const TokensRefused&, const TokensRefused&) = default;
};
BOOST_DESCRIBE_STRUCT(TokensRefused, (), (from, until, count, reasons, networks, more_networks))

using Event = std::variant<ViewSwitched, EventSkipped, TrailRead, PersonErased, PersonExported,
                           BackupTaken, KeysAccepted, TokensRevoked, TokensRefused>;

// A fact that is reported is recorded as it is.
using Command = Event;

struct Contract {
    static constexpr std::string_view category = "operations.journal";
    static std::string_view context(std::string_view) { return "operations"; }
    static std::vector<std::string> tags(const Event& event);
    using Command = operations::Command;
    using Event = operations::Event;
};

// Whose journal a fact belongs to. What strangers cause has one of its own, so that nothing else
// takes longer to read for it.
std::string journal_of(const Event& fact);

}  // namespace yeyak::operations
