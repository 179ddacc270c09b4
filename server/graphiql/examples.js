// The tabs that GraphiQL opens with; one per errand.

const WHO_AM_I = `# Welcome to Photofeed. Ctrl-Enter runs this.
# The other tabs read a feed, publish a photo,
# follow somebody, and look at a profile.
#
# You are whoever the token in "Headers" stands for.

query WhoAmI {
  viewer {
    user {
      id
      username
      displayName
      postCount
      followerCount
      followingCount
    }
    sessions {
      createdAt
      userAgent
      isCurrent
    }
  }
}
`;

const HOME_FEED = `# Posts of those you follow, and your own, latest first.
# Hover over a url in the answer to see the picture.
# For the next page, give the endCursor as "after".

query HomeFeed($first: Int, $after: String) {
  viewer {
    feed(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          caption
          hashtags
          publishedAt
          author {
            username
          }
          media {
            url(rendition: MEDIUM)
            width
            height
            blurhash
            altText
          }
        }
      }
    }
  }
}
`;

const PUBLISH = `# A photo is published in four steps; the button offers
# the three that are GraphQL.
#
# 1. Say what will come: its type, its size in bytes.

mutation PublishStep1($upload: CreateUploadInput!) {
  createUpload(input: $upload) {
    upload {
      media {
        id
      }
      method
      url
      headers {
        name
        value
      }
      expiresAt
    }
    userErrors {
      code
      field
      message
    }
  }
}

# 2. Send the file from a terminal, straight to the
#    object store, with every header of the answer:
#
#    curl -T photo.jpg -H 'name: value' ... 'url'
#
# 3. Say that it has arrived. First put the media's id
#    into the variables.

mutation PublishStep3($media: ID!) {
  completeUpload(input: { mediaId: $media }) {
    media {
      id
      status
    }
    userErrors {
      code
      field
      message
    }
  }
}

# 4. Post it. It is published as soon as its renditions are made.

mutation PublishStep4($media: ID!, $caption: String!) {
  createPost(input: { mediaIds: [$media], caption: $caption }) {
    post {
      id
      status
      publishedAt
      caption
      hashtags
    }
    userErrors {
      code
      field
      message
    }
  }
}
`;

const FOLLOW = `# The first operation finds an id. Put it into the
# variables, then run the second.

query FindSomebody($username: String!) {
  user(username: $username) {
    id
    username
    viewerIsFollowing
  }
}

mutation FollowSomebody($user: ID!) {
  followUser(input: { userId: $user }) {
    user {
      username
      viewerIsFollowing
      followerCount
    }
    userErrors {
      code
      message
    }
  }
}
`;

const PROFILE = `query Profile($username: String!) {
  user(username: $username) {
    id
    displayName
    bio
    postCount
    followerCount
    followingCount
    posts(first: 6) {
      edges {
        node {
          id
          caption
          publishedAt
          media {
            url(rendition: THUMBNAIL)
            blurhash
          }
        }
      }
    }
  }
}
`;

const tab = (query, variables) => ({ query, variables: variables && JSON.stringify(variables, null, 2) });

// `login` is the demo account's, or empty.
const examples = (login) => {
  const username = login && !login.includes("@") ? login : "somebody";
  return [
    tab(WHO_AM_I),
    tab(HOME_FEED, { first: 5, after: null }),
    tab(PUBLISH, {
      upload: { contentType: "image/jpeg", byteSize: 123456, altText: "What the picture shows" },
      media: "the id from step 1",
      caption: "My first photo #photofeed",
    }),
    tab(FOLLOW, { username, user: "the id that was found" }),
    tab(PROFILE, { username }),
  ];
};
