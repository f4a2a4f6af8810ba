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
    /// A service that relays between text or sign language and voice.
    Relay,
    /// Text messages.
    Sms,
    /// WhatsApp.
    WhatsApp,
    /// An email address.
    Email,
    /// A web page.
    Web,
    /// A chat on a web page.
    Chat,
    /// A video call, such as in sign language.
    Video,
    /// A postal address.
    Post,
    /// A street address to go to.
    Visit,
}

/// The form of a channel's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Number,
    Email,
    Web,
    /// A postal or street address.
    Place,
}

/// When a channel is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answered {
    /// By a person, in the opening hours.
    Live,
    /// Later: it can be used at any time.
    Later,
}

/// What the program knows about a kind.
struct Spec {
    name: &'static str,
    /// The URI scheme of its targets.
    scheme: &'static str,
    form: Form,
    answered: Answered,
}

impl ChannelKind {
    /// Every kind, in the order of [`ChannelKind`].
    pub const ALL: [Self; 12] = [
        Self::Phone,
        Self::Fax,
        Self::Tty,
        Self::Relay,
        Self::Sms,
        Self::WhatsApp,
        Self::Email,
        Self::Web,
        Self::Chat,
        Self::Video,
        Self::Post,
        Self::Visit,
    ];

    fn spec(self) -> Spec {
        use Answered::{Later, Live};
        let spec = |name, scheme, form, answered| Spec { name, scheme, form, answered };
        match self {
            Self::Phone => spec("Phone", "tel", Form::Number, Live),
            Self::Fax => spec("Fax", "fax", Form::Number, Later),
            Self::Tty => spec("TTY", "tel", Form::Number, Live),
            Self::Relay => spec("Relay", "tel", Form::Number, Live),
            Self::Sms => spec("SMS", "sms", Form::Number, Live),
            Self::WhatsApp => spec("WhatsApp", "whatsapp", Form::Number, Live),
            Self::Email => spec("Email", "mailto", Form::Email, Later),
            Self::Web => spec("Web", "https", Form::Web, Later),
            Self::Chat => spec("Chat", "https", Form::Web, Live),
            Self::Video => spec("Video", "https", Form::Web, Live),
            Self::Post => spec("Post", "post", Form::Place, Later),
            Self::Visit => spec("Visit", "geo", Form::Place, Live),
        }
    }

    /// The name: `Phone`, `Fax`, `TTY`. In lower case, it is the name in JSON and of the field in a file.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The URI scheme of its targets: `tel`, `fax`, `mailto`, `https` and so on.
    pub fn scheme(self) -> &'static str {
        self.spec().scheme
    }

    pub(super) fn form(self) -> Form {
        self.spec().form
    }

    /// Whether it is a line that is called.
    pub fn is_called(self) -> bool {
        self.scheme() == "tel"
    }

    /// Whether a person answers, so that opening hours apply.
    pub fn is_live(self) -> bool {
        self.spec().answered == Answered::Live
    }
}
