//! The kinds of channels. Everything that depends on the kind alone stands in one table, [`ChannelKind::spec`].

/// How a channel is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A voice line.
    Phone,
    /// A fax number.
    Fax,
    /// A text telephone (TTY).
    Tty,
    /// An email address.
    Email,
    /// A web page.
    Web,
}

/// What a channel of a kind is reached at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Number,
    Email,
    Web,
}

/// What the program knows about a kind.
struct Spec {
    name: &'static str,
    scheme: &'static str,
    form: Form,
    /// Whether people talk on it live, so that opening hours apply.
    is_spoken: bool,
    /// Whether a phone or computer can open a link to it.
    has_link: bool,
}

impl ChannelKind {
    /// Every kind, in the order of [`ChannelKind`].
    pub const ALL: [Self; 5] = [Self::Phone, Self::Fax, Self::Tty, Self::Email, Self::Web];

    fn spec(self) -> Spec {
        match self {
            Self::Phone => Spec { name: "Phone", scheme: "tel", form: Form::Number, is_spoken: true, has_link: true },
            Self::Fax => Spec { name: "Fax", scheme: "fax", form: Form::Number, is_spoken: false, has_link: false },
            Self::Tty => Spec { name: "TTY", scheme: "tel", form: Form::Number, is_spoken: true, has_link: true },
            Self::Email => {
                Spec { name: "Email", scheme: "mailto", form: Form::Email, is_spoken: false, has_link: true }
            }
            Self::Web => Spec { name: "Web", scheme: "https", form: Form::Web, is_spoken: false, has_link: true },
        }
    }

    /// The name: `Phone`, `Fax`, `TTY`, `Email`, `Web`. In lower case, it is the name in JSON and of the field in a file.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The URI scheme of its targets: `tel`, `fax`, `mailto` or `https`.
    pub(super) fn scheme(self) -> &'static str {
        self.spec().scheme
    }

    pub(super) fn form(self) -> Form {
        self.spec().form
    }

    /// Whether people talk on it live, by voice or text telephone, so that opening hours apply.
    pub fn is_spoken(self) -> bool {
        self.spec().is_spoken
    }

    /// Whether a phone or computer can open a link to it.
    pub fn has_link(self) -> bool {
        self.spec().has_link
    }
}
